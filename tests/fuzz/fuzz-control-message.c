/* SPDX-License-Identifier: MIT */
/* A line of the control protocol: refused with a reason, or read to something
 * that can be written and read again. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control-message.h"
#include "fuzz.h"
#include "../lib/must.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wlb_request request;
	const char *error = NULL;
	int r = wlb_request_decode((const char *)data, size, &request, &error);
	if (r < 0) {
		must(r == -ENOMEM || (r == -EPROTO && error != NULL));
		return 0;
	}
	char *line = wlb_request_encode(&request);
	must(line != NULL);
	struct wlb_request again;
	r = wlb_request_decode(line, strlen(line), &again, &error);
	must(r == 0);
	must(again.command == request.command);
	must(again.has_id == request.has_id && again.id == request.id);
	must(strcmp(again.vm, request.vm) == 0);
	free(line);
	return 0;
}
