/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm-args.h"

#define GIB(n) (UINT64_C(n) << 30)

static char *
print(const struct wlb_vmm_params *params,
	void (*how)(const struct wlb_vmm_args *args, FILE *out))
{
	struct wlb_vmm_args args;
	assert_int_equal(wlb_vmm_args_make(params, &args), 0);
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	assert_non_null(out);
	how(&args, out);
	fclose(out);
	wlb_vmm_args_finish(&args);
	return text;
}

static void
qemu_gets_shared_memory_a_port_and_the_device(void **state)
{
	(void)state;
	const struct wlb_vmm_params params = {
		.vmm = WLB_VMM_QEMU,
		.socket = "/run/wlbridge/vm/work/wl.sock",
		.region_size = GIB(4),
		.memory = GIB(2),
		.slot = 7,
	};
	char *text = print(&params, wlb_vmm_args_print);
	assert_string_equal(text,
		"-m 2048M\n"
		"-object memory-backend-memfd,id=wlbridge-mem,size=2048M,"
		"share=on\n"
		"-machine memory-backend=wlbridge-mem\n"
		"-chardev socket,id=wlbridge-wl,"
		"path=/run/wlbridge/vm/work/wl.sock\n"
		"-device pcie-root-port,id=wlbridge-port,slot=7,"
		"pref64-reserve=8G\n"
		"-device vhost-user-test-device-pci,bus=wlbridge-port,"
		"virtio-id=30,num_vqs=2,vq_size=256,chardev=wlbridge-wl\n");
	free(text);
}

static void
sound_is_a_device_that_qemu_knows(void **state)
{
	(void)state;
	const struct wlb_vmm_params params = {
		.socket = "/s",
		.sound_socket = "/run/a,b/snd.sock",
		.region_size = GIB(4),
		.memory = GIB(1),
	};
	struct wlb_vmm_args args;
	assert_int_equal(wlb_vmm_args_make(&params, &args), 0);
	assert_int_equal(args.count, 8);
	assert_string_equal(args.pairs[6].text[1],
		"socket,id=wlbridge-snd,path=/run/a,,b/snd.sock");
	assert_string_equal(args.pairs[7].text[1],
		"vhost-user-snd-pci,chardev=wlbridge-snd");
	wlb_vmm_args_finish(&args);
}

static void
qemu_has_controls_exactly_where_the_device_has(void **state)
{
	(void)state;
	const struct wlb_vmm_params params = {
		.socket = "/s",
		.sound_socket = "/snd",
		.sound_controls = true,
		.region_size = GIB(4),
		.memory = GIB(1),
	};
	struct wlb_vmm_args args;
	assert_int_equal(wlb_vmm_args_make(&params, &args), 0);
	assert_string_equal(args.pairs[7].text[1],
		"vhost-user-snd-pci,chardev=wlbridge-snd,controls=on");
	wlb_vmm_args_finish(&args);
}

static void
the_port_has_room_for_the_region(void **state)
{
	(void)state;
	const struct wlb_vmm_params params = {
		.socket = "/s",
		.region_size = GIB(16),
		.memory = GIB(1),
	};
	struct wlb_vmm_args args;
	assert_int_equal(wlb_vmm_args_make(&params, &args), 0);
	assert_string_equal(args.pairs[4].text[1],
		"pcie-root-port,id=wlbridge-port,slot=0,pref64-reserve=32G");
	wlb_vmm_args_finish(&args);
}

static void
a_path_survives_the_comma_and_the_shell(void **state)
{
	(void)state;
	const struct wlb_vmm_params params = {
		.socket = "/a,b/it's $HOME",
		.region_size = GIB(4),
		.memory = GIB(1),
	};
	struct wlb_vmm_args args;
	assert_int_equal(wlb_vmm_args_make(&params, &args), 0);
	assert_string_equal(args.pairs[3].text[1],
		"socket,id=wlbridge-wl,path=/a,,b/it's $HOME");
	wlb_vmm_args_finish(&args);

	char *text = print(&params, wlb_vmm_args_print_shell);
	assert_non_null(strstr(text, " -chardev "
		"'socket,id=wlbridge-wl,path=/a,,b/it'\\''s $HOME' -device "));
	free(text);
}

static void
crosvm_gets_its_own_words(void **state)
{
	(void)state;
	const struct wlb_vmm_params params = {
		.vmm = WLB_VMM_CROSVM,
		.socket = "/s",
		.region_size = GIB(4),
		.memory = GIB(1),
	};
	char *text = print(&params, wlb_vmm_args_print_shell);
	assert_string_equal(text,
		"--mem size=1024 --vhost-user type=wl,socket=/s\n");
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(qemu_gets_shared_memory_a_port_and_the_device),
		cmocka_unit_test(sound_is_a_device_that_qemu_knows),
		cmocka_unit_test(
			qemu_has_controls_exactly_where_the_device_has),
		cmocka_unit_test(the_port_has_room_for_the_region),
		cmocka_unit_test(a_path_survives_the_comma_and_the_shell),
		cmocka_unit_test(crosvm_gets_its_own_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
