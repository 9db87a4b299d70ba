/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A capture stream that names no target is linked to whatever the session
 * manager thinks best, and where there is no microphone that is the monitor of
 * a sink: the VM would hear all others. So we name the target, and only ever one
 * that says of itself that it is a source. The user's default source is an entry
 * of the metadata object called "default".
 */
#include "pw.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <pipewire/extensions/metadata.h>
#include <spa/utils/json.h>
#include <spa/utils/result.h>

struct source {
	struct list link;		/* pw_sources.nodes */
	uint32_t id;
	char *name;
};

struct pw_sources {
	struct pw_registry *registry;
	struct spa_hook registry_listener;
	struct pw_metadata *metadata;	/* NULL: not seen */
	uint32_t metadata_id;
	struct spa_hook metadata_listener;
	struct list nodes;		/* source.link */
	char *chosen;			/* node.name of the default, or NULL */
	void (*changed)(void *data);
	void *data;
};

static int
handle_property(void *data, uint32_t subject, const char *key,
	const char *type, const char *value)
{
	struct pw_sources *sources = data;
	char name[256];
	(void)type;
	if (subject != 0 || (key != NULL
			&& strcmp(key, "default.audio.source") != 0)) {
		return 0;
	}
	free(sources->chosen);
	sources->chosen = NULL;
	if (key != NULL && value != NULL && spa_json_str_object_find(value,
			strlen(value), "name", name, sizeof(name)) > 0) {
		sources->chosen = strdup(name);
	}
	sources->changed(sources->data);
	return 0;
}

static const struct pw_metadata_events metadata_events = {
	PW_VERSION_METADATA_EVENTS,
	.property = handle_property,
};

static void
add_node(struct pw_sources *sources, uint32_t id,
	const struct spa_dict *props)
{
	const char *class = spa_dict_lookup(props, PW_KEY_MEDIA_CLASS);
	const char *name = spa_dict_lookup(props, PW_KEY_NODE_NAME);
	if (class == NULL || name == NULL
			|| (strcmp(class, "Audio/Source") != 0
			&& strcmp(class, "Audio/Source/Virtual") != 0)) {
		return;
	}
	struct source *source = calloc(1, sizeof(*source));
	char *copy = strdup(name);
	if (source == NULL || copy == NULL) {
		free(source);
		free(copy);
		return;
	}
	source->id = id;
	source->name = copy;
	list_append(&sources->nodes, &source->link);
	sources->changed(sources->data);
}

static void
add_metadata(struct pw_sources *sources, uint32_t id,
	const struct spa_dict *props)
{
	const char *name = spa_dict_lookup(props, PW_KEY_METADATA_NAME);
	if (sources->metadata != NULL || name == NULL
			|| strcmp(name, "default") != 0) {
		return;
	}
	sources->metadata = pw_registry_bind(sources->registry, id,
		PW_TYPE_INTERFACE_Metadata, PW_VERSION_METADATA, 0);
	if (sources->metadata != NULL) {
		sources->metadata_id = id;
		pw_metadata_add_listener(sources->metadata,
			&sources->metadata_listener, &metadata_events,
			sources);
	}
}

static void
handle_global(void *data, uint32_t id, uint32_t permissions, const char *type,
	uint32_t version, const struct spa_dict *props)
{
	struct pw_sources *sources = data;
	(void)permissions;
	(void)version;
	if (props == NULL) {
		return;
	}
	if (strcmp(type, PW_TYPE_INTERFACE_Node) == 0) {
		add_node(sources, id, props);
	} else if (strcmp(type, PW_TYPE_INTERFACE_Metadata) == 0) {
		add_metadata(sources, id, props);
	}
}

static void
forget_metadata(struct pw_sources *sources)
{
	if (sources->metadata != NULL) {
		spa_hook_remove(&sources->metadata_listener);
		pw_proxy_destroy((struct pw_proxy *)sources->metadata);
		sources->metadata = NULL;
	}
	free(sources->chosen);
	sources->chosen = NULL;
}

static void
remove_source(struct source *source)
{
	list_remove(&source->link);
	free(source->name);
	free(source);
}

static void
handle_global_remove(void *data, uint32_t id)
{
	struct pw_sources *sources = data;
	struct source *source, *next;
	list_for_each_safe(source, next, &sources->nodes, link) {
		if (source->id == id) {
			remove_source(source);
			sources->changed(sources->data);
		}
	}
	if (sources->metadata != NULL && sources->metadata_id == id) {
		forget_metadata(sources);
		sources->changed(sources->data);
	}
}

static const struct pw_registry_events registry_events = {
	PW_VERSION_REGISTRY_EVENTS,
	.global = handle_global,
	.global_remove = handle_global_remove,
};

int
pw_sources_create(struct pw_core *core, void (*changed)(void *data),
	void *data, struct pw_sources **ret)
{
	struct pw_sources *sources = calloc(1, sizeof(*sources));
	if (sources == NULL) {
		return -ENOMEM;
	}
	list_init(&sources->nodes);
	sources->changed = changed;
	sources->data = data;
	sources->registry = pw_core_get_registry(core, PW_VERSION_REGISTRY, 0);
	if (sources->registry == NULL) {
		int r = -errno;
		free(sources);
		return r;
	}
	pw_registry_add_listener(sources->registry,
		&sources->registry_listener, &registry_events, sources);
	*ret = sources;
	return 0;
}

void
pw_sources_destroy(struct pw_sources *sources)
{
	if (sources == NULL) {
		return;
	}
	forget_metadata(sources);
	spa_hook_remove(&sources->registry_listener);
	pw_proxy_destroy((struct pw_proxy *)sources->registry);
	while (!list_empty(&sources->nodes)) {
		remove_source(list_first(&sources->nodes, struct source,
			link));
	}
	free(sources);
}

const char *
pw_sources_pick(const struct pw_sources *sources, const char *wanted)
{
	const char *name = wanted != NULL ? wanted : sources->chosen;
	const struct source *source;
	if (name == NULL) {
		return NULL;
	}
	list_for_each(source, &sources->nodes, link) {
		if (strcmp(source->name, name) == 0) {
			return source->name;
		}
	}
	return NULL;
}
