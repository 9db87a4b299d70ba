/* SPDX-License-Identifier: MIT */
/* The library's pictures, as textures that Wayfire draws. */
#ifndef WLBL_WAYFIRE_PICTURE_HPP
#define WLBL_WAYFIRE_PICTURE_HPP

#include <wayfire/nonstd/wlroots-full.hpp>
#include <wayfire/opengl.hpp>

/* One picture: a buffer, and the texture made of it. */
class picture {
public:
	picture() = default;
	picture(const picture &) = delete;
	picture &operator=(const picture &) = delete;
	~picture();

	/* Show this one from now on, or nothing. The buffer is locked. */
	void
	set(wlr_buffer *buffer);

	/* Whether there is anything to draw. */
	explicit operator bool() const
	{
		return texture != nullptr;
	}

	/* Draw it, or its left part, into a box of a target that is bound. */
	void
	draw(const wf::render_target_t &target, wf::geometry_t box,
		double part = 1.0) const;

private:
	wlr_buffer *buffer = nullptr;
	wlr_texture *texture = nullptr;
};

/* A grey, or a label's colour, as Wayfire wants it. */
wf::color_t
grey(float value);

wf::color_t
colour_of(uint32_t rgb);

#endif
