#!/bin/bash
# SPDX-License-Identifier: MIT
# While the screen is locked nothing of a VM is to be seen, and no VM hears anything.
. "$(dirname "$0")/lib.sh"

needs grim wtype swaylock
LOCK=00ff00
LOCAL_COLOUR=77767b
mkfifo "$WORK/screens" "$WORK/screens.done"
exec {SCREENS_DONE}<>"$WORK/screens.done"
# The module is no more sanitized than what it is loaded into.
COMPOSITOR_ENV=("LD_PRELOAD=$WLB_SCREENS" "SCREENS=$WORK/screens"
	"ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0")
must 'the compositor starts' compositor_start
must 'a mouse is there' hand_start

# screen VERB...: see screens.c
screen() {
	echo "$*" >"$WORK/screens"
	IFS= read -r -t "$PATIENCE" -u "$SCREENS_DONE" _
}
# lock: by the program that people use, until it is to be seen; unlock: as if they had entered the password
UNLOCKS=0
lock() {
	ready_program swaylock env WAYLAND_DISPLAY="$HOST_DISPLAY" \
		swaylock -C /dev/null -u -c "$LOCK" --ready-fd 3
	SWAYLOCK=$PID
	soon judge pixel shot "$LOCK" 10 30
}
unlock() {
	kill -USR1 "$SWAYLOCK"
	UNLOCKS=$((UNLOCKS + 1))
	saw compositor ' unlocked$' "$UNLOCKS"
	end_program "$SWAYLOCK"
}
# locker [OPTION...]: see locker.c
locker() {
	watched_program locker env WAYLAND_DISPLAY="$HOST_DISPLAY" \
		"$WLB_LOCKER" "$@"
}
# died: it has, and it was not what unlocks
DEATHS=0
died() {
	DEATHS=$((DEATHS + 1))
	end_program "$1" KILL
	saw compositor 'stays locked' "$DEATHS"
}
# as_locked: the screen is as if there were no VM
as_locked() {
	picture shot && judge same shot "$WORK/locked.ppm" 0 0 0 0
}
# nothing_shows COLOUR...: of these
nothing_shows() {
	local colour
	picture shot || return
	for colour; do
		judge none shot "$colour" || return
	done
}
# parked: the pointer is where it was in the reference
parked() {
	hand to 899 2 && as_locked
}
never() {
	! grep -Eq "$2" "$WORK/$1.log"
}
click() {
	hand to "$1" "$2"
	hand down
	hand up
}

hand to 899 2
must 'the screen can be locked' lock
must 'and a picture be taken' picture locked
check 'which has the lock' judge only locked "$LOCK" 0 24 900 576
check 'up to its corner' judge pixel locked "$LOCK" 899 599
check 'below a strip that says to whom one types' \
	judge pixel locked "$LOCAL_COLOUR" 80 4
check 'it can be unlocked' unlock
not_locked() {
	nothing_shows "$LOCK" "$LOCAL_COLOUR"
}
check 'and then the strip says nothing any more' not_locked

# What may be on the screen when it is locked, of a VM that is allowed the most.
for trick in popup-huge popup-above sub-of-sub sub-moves dialog-high huge; do
	as work liar "$WLB_LIAR" "$trick"
	saw liar '^shown$'
	lock
	check "nothing of $trick is to be seen" parked
	unlock
	picture shot
	check 'but afterwards' judge some shot "$PAINT" 0 24 900 576
	end liar
done

mkfifo "$WORK/filler.fifo"
as work filler "$WLB_FILLER" "$WORK/filler.fifo"
saw filler '^shown$'
on_host wtype -M logo -M shift -k F -m shift -m logo
must 'a window may fill the screen' saw filler ' fullscreen$'
lock
check 'nothing of it is to be seen, nor what the strip said of it' parked
unlock
end filler

as work liar "$WLB_LIAR" cursor
saw liar '^shown$'
hand to 200 200
must 'a VM has its cursor' saw liar '^cursor$'
lock
check 'which is gone' nothing_shows 00ffff "$PAINT"
check 'and the screen is' parked
unlock
end liar

hand to 800 500
as work liar "$WLB_LIAR" drag-icon
saw liar '^shown$'
hand to 200 200
hand down
must 'something is dragged' saw liar '^dragging$'
hand to 600 400
lock
check 'its picture is gone' nothing_shows 00ffff "$WORK_COLOUR"
unlock
check 'and does not come back' nothing_shows 00ffff
hand up
end liar

on_host "$WLB_METHOD" local popup 60 40 >"$WORK/method.log" &
PROGRAMS+=("$!")
PID_method=$!
watched_program home env WAYLAND_DISPLAY="$HOST_DISPLAY" "$WLB_WRITER" home
must 'an input method shows something' saw method '^rectangle '
lock
check 'which is not to be seen' parked
unlock
end home
end method

# Who hears what.
as work first "$WLB_LIAR" honest
saw first '^focus$'
as personal second "$WLB_LIAR" honest
saw second '^shown$'
hand to 100 200
saw first '^entered '
watched_program method env WAYLAND_DISPLAY="$HOST_DISPLAY" "$WLB_METHOD" \
	local grab
saw method '^ready$'
locker text
must 'the screen is locked' saw locker '^locked$'
check 'the lock has the size that is left' saw locker '^size 900 576$'
check 'and the keyboard' saw locker '^focus$'
check 'who had it has not' saw first '^unfocus$'
check 'nor the pointer' saw first '^left$'
chords() {
	on_host wtype x
	on_host wtype -M alt -P tab -p tab -m alt
	on_host wtype -M alt -k F4 -m alt
	on_host wtype -M logo -k Up -m logo
	on_host wtype -M logo -M shift -k C -m shift -m logo
	on_host wtype -M logo -M shift -k V -m shift -m logo
	on_host wtype -M logo -M shift -k F -m shift -m logo
	on_host wtype -M ctrl -M alt -k BackSpace -m alt -m ctrl
}
check 'somebody types, chords too' chords
check 'which only the lock hears' saw locker '^key '
click 100 200
click 600 200
check 'as it does of the pointer' saw locker '^button 272 0$' 2
heard_nothing() {
	never first '^(key|button|closed)' && never compositor 'nothing ' \
		&& never second '^(key|button|closed|focus|entered)' \
		&& [ "$(grep -c '^focus$' "$WORK/first.log")" = 1 ]
}
check 'no VM heard of it, and no chord did anything' heard_nothing
no_method() {
	never locker '^(text|string)' && never method '^(active|grabbed)'
}
check 'nor did an input method' no_method
as personal third "$WLB_LIAR" honest
saw third '^shown$'
as work fourth "$WLB_LIAR" popup-grab
saw fourth '^shown$'
check 'what grabs the pointer is closed' saw fourth '^popup done$'
watched_program home env WAYLAND_DISPLAY="$HOST_DISPLAY" "$WLB_LIAR" popup-grab
saw home '^shown$'
check 'of a local program, too' saw home '^popup done$'
end home
no_focus() {
	never third '^focus$' && never fourth '^focus$'
}
check 'new windows do not take the keyboard' no_focus
keys=$(grep -c '^key ' "$WORK/locker.log")
typed_to_lock() {
	on_host wtype y && saw locker '^key ' $((keys + 2))
}
check 'which the lock still has' typed_to_lock
end method
check 'what locks the screen dies' died "$(pid_of locker)"
check 'and still there is nothing to be seen' nothing_shows "$PAINT" "$LOCK" \
	"$WORK_COLOUR" "$PERSONAL_COLOUR"
says_locked() {
	judge part shot "$WORK/locked.ppm" 0 0 54 24 \
		&& judge none shot "$LOCAL_COLOUR"
}
check 'the strip says that it is locked, by nobody' says_locked
on_host wtype z
check 'and nothing heard' no_focus
must 'another program locks it' lock
check 'as before' parked
locker
check 'a third is refused meanwhile' saw locker '^finished$'
end locker
check 'it is unlocked' unlock
check 'the keyboard is where it was' saw first '^focus$' 2
check 'and nowhere else' no_focus
in_front() {
	picture shot && judge pixel shot "$PAINT" "$CONTENT_X" "$CONTENT_Y" \
		&& judge pixel shot "$WORK_COLOUR" 80 4
}
check 'to the window in front' in_front
on_host wtype x
check 'which hears again what is typed' saw first '^key '
lock
end first
unlock
check 'if it went, another one has it' saw fourth '^focus$'
for name in second third fourth; do
	end "$name"
done

# Screens come and go; the hand's numbers count double on two.
screen add
hand to 700 300
as work there "$WLB_LIAR" honest
saw there '^shown$'
picture shot
must 'a window is on another screen' judge only shot "$PAINT" 900 24 900 576
screen freeze 1
locker
check 'while a screen does not show the lock' saw locker '^focus$'
first_shows() {
	on_host grim -o HEADLESS-1 -t ppm "$WORK/part.ppm" \
		&& judge pixel part "$LOCK" 10 30
}
check 'though another does' first_shows
check 'it is not said to be locked' never locker '^locked$'
screen thaw
check 'but once it does' saw locker '^locked$'
check 'which tells its sizes' saw locker '^size 900 576$' 2
screen mode 1 400 300
check 'and changes of these' saw locker '^size 400 276$'
covered() {
	judge pixel shot "$LOCK" 899 599 && judge pixel shot "$LOCK" 900 24 \
		&& judge pixel shot "$LOCK" 1200 290
}
check 'both are covered' soon covered
screen mode 1 900 600
died "$(pid_of locker)"
check 'of nothing that was there' nothing_shows "$PAINT" "$WORK_COLOUR" "$LOCK"
screen remove 1
screen add
check 'a screen that is plugged in then shows nothing either' \
	nothing_shows "$PAINT" "$WORK_COLOUR"
lock
screen remove 1
screen add
check 'nor one with a lock there' nothing_shows "$PAINT" "$WORK_COLOUR"
check 'which comes there, too' \
	soon judge pixel shot "$LOCK" 1799 599
screen remove 1
screen remove 0
screen add
check 'the only one is covered again' soon judge pixel shot "$LOCK" 899 599
check 'it is unlocked' unlock
there_again() {
	picture shot && judge some shot "$PAINT" 0 24 900 576
}
check 'and the window is there' there_again
end there
check 'the compositor ends as it should' ended_well
the_end
