#!/bin/bash
# SPDX-License-Identifier: MIT
# What a VM's program may bind, and how much it may have.
. "$(dirname "$0")/lib.sh"

needs grim
must 'the compositor starts' compositor_start '[limits]' 'windows = 10' \
	'surfaces = 1000' '[globals]' \
	'personal = zwlr_screencopy_manager_v1 -wp_viewporter' \
	'personal = zwlr_output_manager_v1'

on_host "$WLB_GLOBALS" >"$WORK/all"
WAYLAND_DISPLAY=$WORK/work.sock "$WLB_GLOBALS" >"$WORK/offered"
grep -vxFf "$WORK/offered" "$WORK/all" >"$WORK/hidden"
cut -d' ' -f2 "$WORK/hidden" | sort >"$WORK/hidden-names"

hides() {
	local name
	for name; do
		grep -qx "$name" "$WORK/hidden-names" || return
	done
}
check 'a VM is not offered what concerns others' hides \
	wp_security_context_manager_v1 zwlr_screencopy_manager_v1 \
	zwlr_virtual_pointer_manager_v1 zwp_virtual_keyboard_manager_v1 \
	zwp_input_method_manager_v2 zwlr_output_manager_v1 \
	zwlr_output_power_manager_v1 ext_session_lock_manager_v1 \
	ext_idle_notifier_v1 zwp_idle_inhibit_manager_v1
offers() {
	grep -q " $1\$" "$WORK/offered"
}
check 'it is offered windows' offers xdg_wm_base
nothing_but_known() {
	! cut -d' ' -f2 "$WORK/offered" | grep -vxE \
		'wl_(compositor|subcompositor|shm|output|seat|data_device_manager|fixes)|xdg_wm_base|wp_(viewporter|presentation|single_pixel_buffer_manager_v1|fractional_scale_manager_v1|cursor_shape_manager_v1)|zxdg_(decoration_manager_v1|output_manager_v1)|zwp_(primary_selection_device_manager_v1|text_input_manager_v3)|org_kde_kwin_server_decoration_manager'
}
check 'and nothing that is not known to be harmless' nothing_but_known

WAYLAND_DISPLAY=$WORK/work.sock "$WLB_GLOBALS" guess <"$WORK/hidden" \
	>"$WORK/guessed" 2>/dev/null
all_refused() {
	[ "$(grep -c '^refused' "$WORK/guessed")" = \
		"$(wc -l <"$WORK/hidden")" ] && ! grep '^bound' "$WORK/guessed"
}
check 'a guessed name is refused, for each of them' all_refused
on_host "$WLB_GLOBALS" guess <"$WORK/hidden" >"$WORK/guessed"
bound() {
	grep -q '^bound zwlr_screencopy' "$WORK/guessed"
}
check 'which a local program may bind' bound

WAYLAND_DISPLAY=$WORK/work.sock "$WLB_OUTPUTS" >"$WORK/outputs"
told() {
	printf '%s\n' 'make Unknown' 'model Unknown' 'name HEADLESS-1' \
		'description HEADLESS-1' 'xdg-name HEADLESS-1' \
		'xdg-description HEADLESS-1' | diff "$WORK/outputs" - >&2
}
check 'of a monitor it is told the connector, and not whose it is' told

# What the configuration gives one VM, and takes from it.
takes_picture() {
	WAYLAND_DISPLAY=$WORK/$1.sock grim -t ppm "$WORK/captured.ppm"
}
check 'a VM that is given it may take a picture of the screen' \
	takes_picture personal
takes_none() {
	! takes_picture work 2>/dev/null
}
check 'another may not' takes_none
WAYLAND_DISPLAY=$WORK/personal.sock "$WLB_GLOBALS" >"$WORK/offered-other"
differs() {
	diff <(cut -d' ' -f2 "$WORK/offered" | sort) \
		<(cut -d' ' -f2 "$WORK/offered-other" | sort) \
		| grep '^[<>]' | sort >"$WORK/differs"
	printf '%s\n' '< wp_viewporter' '> zwlr_output_manager_v1' \
		'> zwlr_screencopy_manager_v1' \
		| diff - "$WORK/differs"
}
check 'and nothing else is different between the two' differs
grep ' wp_viewporter$' "$WORK/all" >"$WORK/taken"
refused_too() {
	WAYLAND_DISPLAY=$WORK/personal.sock "$WLB_GLOBALS" guess \
		<"$WORK/taken" 2>/dev/null | grep -qx 'refused wp_viewporter'
}
check 'what was taken away is refused to who guesses its name' refused_too
never() {
	printf '%s\n' '[globals]' 'work = wp_security_context_manager_v1' \
		>"$WORK/never.conf"
	! WLR_BACKENDS=headless WLR_RENDERER=pixman \
		"$WLB_COMPOSITOR" -c "$WORK/never.conf" -s true \
		2>"$WORK/never.log" && grep -q \
		"'wp_security_context_manager_v1' of 'work' is never given" \
		"$WORK/never.log" && grep -q 'never.conf:2:' "$WORK/never.log"
}
check 'what labels depend on cannot be given' never

check 'thirty windows' lie work windows
check 'twenty are asked to close' saw liar '^closed$' 20
other_lives() {
	as personal other "$WLB_LIAR" honest
	saw other '^shown$' && picture shot \
		&& judge some shot "$PERSONAL_COLOUR" 0 24 "$WIDTH" \
			$((HEIGHT - 24))
}
check 'another VM has its own ten' other_lives
end other
end liar

as work liar "$WLB_LIAR" surfaces
check 'a client with too many surfaces is cut off' saw liar '^cut off$'
check 'another of its VM is not' lie work honest
end_program "$PID"
check 'the compositor ends as it should' ended_well
the_end
