/* SPDX-License-Identifier: MIT */
#include "picture.hpp"

#include <wayfire/core.hpp>

picture::~picture()
{
	set(nullptr);
}

void
picture::set(wlr_buffer *new_buffer)
{
	if (new_buffer == buffer) {
		return;
	}
	wlr_texture_destroy(texture);
	wlr_buffer_unlock(buffer);
	buffer = new_buffer;
	texture = nullptr;
	if (buffer != nullptr) {
		wlr_buffer_lock(buffer);
		texture = wlr_texture_from_buffer(wf::get_core().renderer,
			buffer);
	}
}

void
picture::draw(const wf::render_target_t &target, wf::geometry_t box,
	double part) const
{
	if (texture == nullptr) {
		return;
	}
	const wlr_fbox source = {
		0, 0, texture->width * part, (double)texture->height,
	};
	OpenGL::render_texture(wf::texture_t{texture, source}, target, box);
}

wf::color_t
grey(float value)
{
	return {value, value, value, 1.0};
}

wf::color_t
colour_of(uint32_t rgb)
{
	return {(rgb >> 16 & 0xff) / 255.0, (rgb >> 8 & 0xff) / 255.0,
		(rgb & 0xff) / 255.0, 1.0};
}
