-- SPDX-License-Identifier: MIT
-- Hyprland 0.55 or newer, into ~/.config/hypr/hyprland.lua: all VMs in the window of
-- wlbridge-compositor, which fills the screen on a workspace of its own.
hl.on("hyprland.start", function()
	hl.exec_cmd("wlbridge-compositor -c /etc/wlbridge/labels.conf")
end)

hl.window_rule({
	name = "wlbridge-compositor",
	match = { class = "^wlbridge-compositor$" },
	workspace = "name:vms",
	fullscreen = true,
})

hl.bind("SUPER + grave", hl.dsp.focus({ workspace = "name:vms" }))
