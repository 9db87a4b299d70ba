/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A table of buckets that doubles with its load; ids come from the guest or
 * from a counter, so their low bits spread well enough. When there is no
 * memory to grow, it just gets slower.
 */
#include "vfd.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#define BUCKETS_MIN 64

static struct list *
buckets_create(unsigned count)
{
	struct list *buckets = calloc(count, sizeof(*buckets));
	for (unsigned i = 0; buckets != NULL && i < count; i++) {
		list_init(&buckets[i]);
	}
	return buckets;
}

int
vwl_vfd_table_init(struct vwl_vfd_table *table)
{
	*table = (struct vwl_vfd_table) {
		.buckets = buckets_create(BUCKETS_MIN),
		.bucket_count = BUCKETS_MIN,
	};
	return table->buckets == NULL ? -ENOMEM : 0;
}

void
vwl_vfd_table_finish(struct vwl_vfd_table *table)
{
	assert(table->count == 0);
	free(table->buckets);
	table->buckets = NULL;
}

static struct list *
bucket_of(const struct vwl_vfd_table *table, uint32_t id)
{
	return &table->buckets[id & (table->bucket_count - 1)];
}

struct vwl_vfd *
vwl_vfd_find(const struct vwl_vfd_table *table, uint32_t id)
{
	struct vwl_vfd *vfd;
	list_for_each(vfd, bucket_of(table, id), link) {
		if (vfd->id == id) {
			return vfd;
		}
	}
	return NULL;
}

static void
grow(struct vwl_vfd_table *table)
{
	struct vwl_vfd_table larger = {
		.buckets = buckets_create(table->bucket_count * 2),
		.bucket_count = table->bucket_count * 2,
		.count = table->count,
	};
	if (larger.buckets == NULL) {
		return;
	}
	for (unsigned i = 0; i < table->bucket_count; i++) {
		struct vwl_vfd *vfd, *tmp;
		list_for_each_safe(vfd, tmp, &table->buckets[i], link) {
			list_remove(&vfd->link);
			list_append(bucket_of(&larger, vfd->id), &vfd->link);
		}
	}
	free(table->buckets);
	*table = larger;
}

void
vwl_vfd_insert(struct vwl_vfd_table *table, struct vwl_vfd *vfd, uint32_t id)
{
	assert(vwl_vfd_find(table, id) == NULL);
	if (table->count >= 2 * table->bucket_count) {
		grow(table);
	}
	vfd->id = id;
	list_append(bucket_of(table, id), &vfd->link);
	table->count++;
}

void
vwl_vfd_remove(struct vwl_vfd_table *table, struct vwl_vfd *vfd)
{
	assert(!list_empty(&vfd->link));
	list_remove(&vfd->link);
	table->count--;
}
