/* SPDX-License-Identifier: MIT */
/* What a monitor is, which VMs need not know. */
#include <stdlib.h>
#include <wlr/types/wlr_output.h>

#include "private.h"

WLBL_PUBLIC void
wlbl_hide_monitor(struct wlr_output *output)
{
	wlr_output_set_description(output, output->name);
	free(output->make);
	free(output->model);
	free(output->serial);
	output->make = NULL;
	output->model = NULL;
	output->serial = NULL;
}
