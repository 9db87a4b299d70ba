/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A front-end replaces its table as a whole, also while rings run: every map it
 * makes for us adds a region. A table is therefore immutable and counted. Rings
 * and popped elements hold the table their addresses came from, so a range that
 * vanished stays mapped until the last of them is done, and nothing faults.
 *
 * A mapping is counted too, and shared by successive tables: guest RAM is mapped
 * once in a session's life, not once for each buffer the guest adds.
 *
 * A table is sorted by guest address and has at most VUB_MEM_REGIONS_MAX slots,
 * nearly always hit in the slot that was hit last, which is tried first.
 */
#include "memory.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct mapping {
	unsigned refs;
	dev_t dev;
	ino_t ino;
	uint64_t offset;	/* of the region in its file, bytes */
	uint64_t size;		/* of the region, bytes */
	uint8_t *bytes;		/* the region's first byte */
	void *base;		/* what mmap(2) gave: a little before it */
	size_t base_len;
};

struct slot {
	uint64_t guest_addr;
	uint64_t user_addr;
	uint64_t size;
	struct mapping *mapping;
};

struct vub_memory {
	unsigned refs;
	size_t hint;		/* slot that was hit last */
	size_t count;
	struct slot slots[VUB_MEM_REGIONS_MAX];	/* by guest_addr */
};

static void
mapping_unref(struct mapping *mapping)
{
	if (--mapping->refs > 0) {
		return;
	}
	munmap(mapping->base, mapping->base_len);
	free(mapping);
}

static int
mapping_create(const struct vub_mem_region *region, const struct stat *st,
	int fd, struct mapping **ret)
{
	/* Huge pages want offset and length in their own size, which is the
	 * file's block size there. */
	uint64_t align = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t block = (uint64_t)st->st_blksize;
	if (block > align && (block & (block - 1)) == 0) {
		align = block;
	}
	uint64_t before = region->mmap_offset & (align - 1);
	uint64_t len = before + region->size;
	if (len > UINT64_MAX - (align - 1)) {
		return -EINVAL;
	}
	len = (len + align - 1) & ~(align - 1);

	struct mapping *mapping = calloc(1, sizeof(*mapping));
	if (mapping == NULL) {
		return -ENOMEM;
	}
	void *base = mmap(NULL, len, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_NORESERVE, fd,
		(off_t)(region->mmap_offset - before));
	if (base == MAP_FAILED) {
		int r = -errno;
		free(mapping);
		return r;
	}
	/* A guest's memory has no business in our core dump. */
	madvise(base, len, MADV_DONTDUMP);
	*mapping = (struct mapping) {
		.refs = 1,
		.dev = st->st_dev,
		.ino = st->st_ino,
		.offset = region->mmap_offset,
		.size = region->size,
		.bytes = (uint8_t *)base + before,
		.base = base,
		.base_len = len,
	};
	*ret = mapping;
	return 0;
}

/* The mapping of @region that @old has, with a reference, or NULL. */
static struct mapping *
mapping_inherit(struct vub_memory *old, const struct vub_mem_region *region,
	const struct stat *st)
{
	for (size_t i = 0; old != NULL && i < old->count; i++) {
		struct mapping *mapping = old->slots[i].mapping;
		if (mapping->dev == st->st_dev && mapping->ino == st->st_ino
				&& mapping->offset == region->mmap_offset
				&& mapping->size == region->size) {
			mapping->refs++;
			return mapping;
		}
	}
	return NULL;
}

static int
slot_init(struct slot *slot, const struct vub_mem_region *region, int fd,
	struct vub_memory *old)
{
	struct stat st;
	if (fstat(fd, &st) < 0) {
		return -errno;
	}
	/* Whoever touches pages past the end of a file gets SIGBUS. Only files
	 * have an end. */
	if (S_ISREG(st.st_mode) && ((uint64_t)st.st_size < region->size
			|| (uint64_t)st.st_size - region->size
				< region->mmap_offset)) {
		return -EINVAL;
	}
	slot->guest_addr = region->guest_addr;
	slot->user_addr = region->user_addr;
	slot->size = region->size;
	slot->mapping = mapping_inherit(old, region, &st);
	return slot->mapping != NULL ? 0
		: mapping_create(region, &st, fd, &slot->mapping);
}

static int
compare_slots(const void *a, const void *b)
{
	uint64_t left = ((const struct slot *)a)->guest_addr;
	uint64_t right = ((const struct slot *)b)->guest_addr;
	return left < right ? -1 : left > right;
}

int
vub_memory_create(const struct vub_mem_region *regions, size_t count,
	const int *fds, struct vub_memory *old, struct vub_memory **ret)
{
	if (count > VUB_MEM_REGIONS_MAX) {
		return -EINVAL;
	}
	struct vub_memory *memory = calloc(1, sizeof(*memory));
	if (memory == NULL) {
		return -ENOMEM;
	}
	memory->refs = 1;
	int r = 0;
	for (size_t i = 0; i < count && r == 0; i++) {
		r = slot_init(&memory->slots[i], &regions[i], fds[i], old);
		memory->count += r == 0;
	}
	qsort(memory->slots, memory->count, sizeof(memory->slots[0]),
		compare_slots);
	for (size_t i = 1; i < memory->count; i++) {
		const struct slot *before = &memory->slots[i - 1];
		if (memory->slots[i].guest_addr - before->guest_addr
				< before->size) {
			r = -EINVAL;
		}
	}
	if (r < 0) {
		vub_memory_unref(memory);
		return r;
	}
	*ret = memory;
	return 0;
}

struct vub_memory *
vub_memory_ref(struct vub_memory *memory)
{
	memory->refs++;
	return memory;
}

void
vub_memory_unref(struct vub_memory *memory)
{
	if (memory == NULL || --memory->refs > 0) {
		return;
	}
	for (size_t i = 0; i < memory->count; i++) {
		mapping_unref(memory->slots[i].mapping);
	}
	free(memory);
}

static const struct slot *
slot_at(struct vub_memory *memory, uint64_t guest_addr)
{
	/* A slot never wraps, so an address below it is far beyond its size
	 * once subtracted: one comparison does. Slots past count have size 0. */
	const struct slot *slot = &memory->slots[memory->hint];
	if (guest_addr - slot->guest_addr < slot->size) {
		return slot;
	}
	for (size_t i = 0; i < memory->count; i++) {
		slot = &memory->slots[i];
		if (guest_addr - slot->guest_addr < slot->size) {
			memory->hint = i;
			return slot;
		}
	}
	return NULL;
}

int
vub_memory_translate(struct vub_memory *memory, uint64_t guest_addr,
	uint64_t len, struct iovec *iov, size_t iov_max)
{
	size_t count = 0;
	while (len > 0) {
		const struct slot *slot = slot_at(memory, guest_addr);
		if (slot == NULL) {
			return -EFAULT;
		}
		if (count == iov_max) {
			return -ENOBUFS;
		}
		uint64_t offset = guest_addr - slot->guest_addr;
		uint64_t part = slot->size - offset;
		if (part > len) {
			part = len;
		}
		iov[count].iov_base = slot->mapping->bytes + offset;
		iov[count].iov_len = part;
		count++;
		len -= part;
		/* The very last byte of the address space has no successor. */
		if (len > 0 && part > UINT64_MAX - guest_addr) {
			return -EFAULT;
		}
		guest_addr += part;
	}
	return (int)count;
}

int
vub_memory_read(struct vub_memory *memory, uint64_t guest_addr, void *dst,
	size_t len)
{
	struct iovec iov[VUB_MEM_REGIONS_MAX];
	int count = vub_memory_translate(memory, guest_addr, len, iov,
		VUB_MEM_REGIONS_MAX);
	if (count < 0) {
		return -EFAULT;
	}
	uint8_t *out = dst;
	for (int i = 0; i < count; i++) {
		memcpy(out, iov[i].iov_base, iov[i].iov_len);
		out += iov[i].iov_len;
	}
	atomic_signal_fence(memory_order_seq_cst);
	return 0;
}

void *
vub_memory_at_user(struct vub_memory *memory, uint64_t user_addr, size_t len)
{
	for (size_t i = 0; i < memory->count; i++) {
		const struct slot *slot = &memory->slots[i];
		uint64_t offset = user_addr - slot->user_addr;
		if (offset < slot->size && len <= slot->size - offset) {
			return slot->mapping->bytes + offset;
		}
	}
	return NULL;
}
