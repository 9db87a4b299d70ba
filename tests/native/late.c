/* SPDX-License-Identifier: MIT */
/*
 * late - say of each node of the graph when it is not done in its cycle
 *
 * Prints "watches" once PipeWire tells, then "late NAME" for each time: PipeWire
 * counts them for each node, and forgets the count with the node. It ends when
 * PipeWire does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pipewire/impl.h>
#include <pipewire/pipewire.h>
/* Wants these first. */
#include <pipewire/extensions/profiler.h>
#include <spa/param/profiler.h>
#include <spa/pod/iter.h>
#include <spa/pod/parser.h>

#include "../lib/must.h"

#define NODES_MAX 128

struct node {
	char name[64];
	int32_t id;
	int32_t count;
};

static struct pw_main_loop *loop;
static struct pw_registry *registry;
static struct pw_proxy *profiler;
static struct spa_hook profiler_listener;
static struct node nodes[NODES_MAX];
static size_t node_count;

/* Ids are used again, and names are. */
static struct node *
node_of(int32_t id, const char *name)
{
	for (size_t i = 0; i < node_count; i++) {
		if (nodes[i].id == id && strcmp(nodes[i].name, name) == 0) {
			return &nodes[i];
		}
	}
	must(node_count < NODES_MAX);
	struct node *node = &nodes[node_count++];
	node->id = id;
	snprintf(node->name, sizeof(node->name), "%s", name);
	return node;
}

static void
note(const struct spa_pod *block)
{
	int32_t id, status, count = 0;
	int64_t before, signal, awake, finish;
	struct spa_fraction latency;
	const char *name;
	if (spa_pod_parse_struct(block, SPA_POD_Int(&id),
			SPA_POD_String(&name), SPA_POD_Long(&before),
			SPA_POD_Long(&signal), SPA_POD_Long(&awake),
			SPA_POD_Long(&finish), SPA_POD_Int(&status),
			SPA_POD_Fraction(&latency),
			SPA_POD_OPT_Int(&count)) < 0) {
		return;
	}
	struct node *node = node_of(id, name);
	if (count < node->count) {
		/* Another one of that name, in the place of the last. */
		node->count = 0;
	}
	for (; node->count < count; node->count++) {
		printf("late %s\n", node->name);
	}
	fflush(stdout);
}

static void
handle_profile(void *data, const struct spa_pod *cycles)
{
	const struct spa_pod *cycle;
	(void)data;
	SPA_POD_STRUCT_FOREACH(cycles, cycle) {
		const struct spa_pod_prop *part;
		if (!spa_pod_is_object_type(cycle, SPA_TYPE_OBJECT_Profiler)) {
			continue;
		}
		SPA_POD_OBJECT_FOREACH((const struct spa_pod_object *)cycle,
				part) {
			if (part->key == SPA_PROFILER_driverBlock
					|| part->key
						== SPA_PROFILER_followerBlock) {
				note(&part->value);
			}
		}
	}
}

static const struct pw_profiler_events profiler_events = {
	PW_VERSION_PROFILER_EVENTS,
	.profile = handle_profile,
};

static void
handle_global(void *data, uint32_t id, uint32_t permissions, const char *type,
	uint32_t version, const struct spa_dict *props)
{
	(void)data;
	(void)permissions;
	(void)version;
	(void)props;
	if (profiler != NULL || strcmp(type, PW_TYPE_INTERFACE_Profiler) != 0) {
		return;
	}
	profiler = pw_registry_bind(registry, id, type, PW_VERSION_PROFILER, 0);
	must(profiler != NULL);
	pw_profiler_add_listener((struct pw_profiler *)profiler,
		&profiler_listener, &profiler_events, NULL);
	puts("watches");
	fflush(stdout);
}

static const struct pw_registry_events registry_events = {
	PW_VERSION_REGISTRY_EVENTS,
	.global = handle_global,
};

static void
handle_error(void *data, uint32_t id, int seq, int result, const char *message)
{
	(void)data;
	(void)seq;
	(void)result;
	(void)message;
	if (id == PW_ID_CORE) {
		pw_main_loop_quit(loop);
	}
}

static const struct pw_core_events core_events = {
	PW_VERSION_CORE_EVENTS,
	.error = handle_error,
};

int
main(void)
{
	struct spa_hook core_listener, registry_listener;
	pw_init(NULL, NULL);
	loop = pw_main_loop_new(NULL);
	must(loop != NULL);
	struct pw_context *context =
		pw_context_new(pw_main_loop_get_loop(loop), NULL, 0);
	must(context != NULL && pw_context_load_module(context,
		PW_EXTENSION_MODULE_PROFILER, NULL, NULL) != NULL);
	struct pw_core *core = pw_context_connect(context, NULL, 0);
	must(core != NULL);
	pw_core_add_listener(core, &core_listener, &core_events, NULL);
	registry = pw_core_get_registry(core, PW_VERSION_REGISTRY, 0);
	must(registry != NULL);
	pw_registry_add_listener(registry, &registry_listener, &registry_events,
		NULL);
	pw_main_loop_run(loop);
	pw_context_destroy(context);
	pw_main_loop_destroy(loop);
	pw_deinit();
	return EXIT_SUCCESS;
}
