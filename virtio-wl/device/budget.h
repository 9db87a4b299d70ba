/* SPDX-License-Identifier: MIT */
/*
 * budget.h - how much of the host a guest, and each of its peers, may hold
 */
#ifndef VWL_BUDGET_H
#define VWL_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

enum vwl_resource {
	VWL_RES_VFDS,		/* entries of the table */
	VWL_RES_CONNECTIONS,	/* streams that pass descriptors */
	VWL_RES_PIPES,
	VWL_RES_FDS,		/* descriptors this process holds open */
	VWL_RES_MAPS,		/* maps in the guest's region */
	VWL_RES_MAPPED,		/* bytes of the region under them */
	VWL_RES_MEMORY,		/* bytes of memory made on this host */
	VWL_RES_QUEUED,		/* bytes kept for peers that do not read */
	VWL_RES_IN_FLIGHT,	/* descriptors that no peer has taken yet */
	VWL_RES_RATE,		/* VFDs made a second: budget-rate.c */
	VWL_RESOURCES,
};

struct vwl_status_resource;

struct vwl_budget {
	struct vwl_budget *parent;	/* pays too; outlives this one */
	uint64_t limits[VWL_RESOURCES];
	uint64_t used[VWL_RESOURCES];
	int64_t leaked_ns;		/* VWL_RES_RATE: until when */
	struct vwl_status_resource *shown;	/* kept true, or NULL */
};

struct vwl_amounts {
	uint64_t of[VWL_RESOURCES];
};

/* What one object holds, and of whom. All zero: nothing. */
struct vwl_charge {
	struct vwl_budget *budget;
	struct vwl_amounts amounts;
};

/* A charge for what may outlast the object that it was taken for. */
struct vwl_bill {
	unsigned refs;
	struct vwl_charge charge;
};

/* What a resource is called on the command line. */
const char *
vwl_resource_name(enum vwl_resource resource);

/* The resource called @name, or -1. */
int
vwl_resource_by_name(const char *name);

/* The default limits of a VM. */
void
vwl_budget_init(struct vwl_budget *budget);

/* One of @shares equal parts of what @parent may hold. */
void
vwl_budget_init_share(struct vwl_budget *budget, struct vwl_budget *parent,
	unsigned shares);

/* Show limits and use in a status page from now on; a record each. */
void
vwl_budget_show(struct vwl_budget *budget, struct vwl_status_resource *shown);

/* Whether @amount more would fit, here and in every parent. */
bool
vwl_budget_has(const struct vwl_budget *budget, enum vwl_resource resource,
	uint64_t amount);

/**
 * vwl_charge_take() - Pay for an object
 * @charge: holds nothing yet
 *
 * Return: 0, or -EDQUOT with nothing taken and @charge still empty.
 */
int
vwl_charge_take(struct vwl_charge *charge, struct vwl_budget *budget,
	struct vwl_amounts amounts);

/* Give everything back; nothing to give is fine. */
void
vwl_charge_drop(struct vwl_charge *charge);

/* As vwl_charge_take(), or -ENOMEM; @ret is one reference. */
int
vwl_bill_create(struct vwl_budget *budget, struct vwl_amounts amounts,
	struct vwl_bill **ret);

struct vwl_bill *
vwl_bill_ref(struct vwl_bill *bill);

/* The last one gives everything back. NULL is fine. */
void
vwl_bill_unref(struct vwl_bill *bill);

/* A limit of 0: waiting is of no use. */
#define VWL_PAUSE_FOR_EVER UINT64_MAX

/**
 * vwl_budget_pause_ns() - For how long no VFD may be made
 * @now_ns: CLOCK_MONOTONIC, in both calls
 *
 * Return: 0 when one may be made now, else nanoseconds until then, here and in
 * every parent.
 */
uint64_t
vwl_budget_pause_ns(struct vwl_budget *budget, int64_t now_ns);

/* A VFD was made; one too many is fine, and makes the next pause longer. */
void
vwl_budget_count_made(struct vwl_budget *budget, int64_t now_ns);

#endif
