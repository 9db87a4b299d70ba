/* SPDX-License-Identifier: MIT */
#include "device.h"

#include "endpoint/listener.h"

static_assert((int)VWL_RESOURCES <= VWL_STATUS_RESOURCES, "status layout");

void
vwl_device_init(struct vwl_device *device, struct loop *loop,
	const char *vm_name, uint64_t region_size)
{
	*device = (struct vwl_device) {
		.loop = loop,
		.vm_name = vm_name,
		.next_serial = 1,
	};
	vwl_budget_init(&device->budget);
	vwl_names_init(&device->names);
	list_init(&device->endpoints);
	vwl_shm_init(&device->shm, region_size);
	vwl_arena_init(&device->arena, &device->shm, &device->budget);
	vwl_lingering_init(&device->lingering);
	vwl_device_show(device, &device->own_status);
}

void
vwl_device_show(struct vwl_device *device, struct vwl_status_page *page)
{
	*page = (struct vwl_status_page) {
		.magic = VWL_STATUS_MAGIC,
		.version = VWL_STATUS_VERSION,
		.state = VWL_STATUS_WAITING,
		.resource_count = VWL_RESOURCES,
	};
	device->status = page;
	vwl_budget_show(&device->budget, page->resources);
}

void
vwl_device_finish(struct vwl_device *device)
{
	vwl_lingering_finish(&device->lingering);
	vwl_pauses_finish(&device->pauses);
	while (!list_empty(&device->endpoints)) {
		vwl_endpoint_destroy(list_first(&device->endpoints,
			struct vwl_endpoint, link));
	}
	vwl_names_finish(&device->names);
}
