/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A VM has a budget, and each peer that may connect to the VM has a child of
 * it. An object is paid for by the budget of the connection it came over and
 * by every parent, all or nothing; the object keeps its charge and gives it
 * back when it dies, so no counter can drift from what exists. Nothing else
 * in the device decides whether there is room. Memory may outlast its object,
 * in the sockets that it was sent into (endpoint/flight.c): its charge is on a
 * bill, which is open until the last of them has let go.
 *
 * The VM and its peers get equal parts: however greedy all the others are, what
 * one peer may hold, and what the guest itself makes, finds room.
 */
#include "budget.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "status.h"

#define MIB(n) ((uint64_t)(n) << 20)
#define GIB(n) ((uint64_t)(n) << 30)

static const struct {
	const char *name;
	uint64_t limit;		/* of a VM */
} resources[VWL_RESOURCES] = {
	[VWL_RES_VFDS] = { "vfds", 16384 },
	[VWL_RES_CONNECTIONS] = { "connections", 1024 },
	[VWL_RES_PIPES] = { "pipes", 512 },
	[VWL_RES_FDS] = { "fds", 16384 },
	[VWL_RES_MAPS] = { "maps", 256 },
	[VWL_RES_MAPPED] = { "mapped", GIB(1024) },
	[VWL_RES_MEMORY] = { "memory", GIB(2) },
	[VWL_RES_QUEUED] = { "queued", MIB(64) },
	[VWL_RES_IN_FLIGHT] = { "in-flight", 2048 },
	[VWL_RES_RATE] = { "vfds-per-second", 32768 },
};

const char *
vwl_resource_name(enum vwl_resource resource)
{
	return resources[resource].name;
}

int
vwl_resource_by_name(const char *name)
{
	for (int i = 0; i < VWL_RESOURCES; i++) {
		if (strcmp(resources[i].name, name) == 0) {
			return i;
		}
	}
	return -1;
}

void
vwl_budget_init(struct vwl_budget *budget)
{
	*budget = (struct vwl_budget){ .parent = NULL };
	for (int i = 0; i < VWL_RESOURCES; i++) {
		budget->limits[i] = resources[i].limit;
	}
}

void
vwl_budget_init_share(struct vwl_budget *budget, struct vwl_budget *parent,
	unsigned shares)
{
	*budget = (struct vwl_budget){ .parent = parent };
	for (int i = 0; i < VWL_RESOURCES; i++) {
		budget->limits[i] = parent->limits[i] / shares;
	}
}

bool
vwl_budget_has(const struct vwl_budget *budget, enum vwl_resource resource,
	uint64_t amount)
{
	for (; budget != NULL; budget = budget->parent) {
		/* A limit may have been set below what is held. */
		uint64_t used = budget->used[resource];
		uint64_t limit = budget->limits[resource];
		if (used > limit || amount > limit - used) {
			return false;
		}
	}
	return true;
}

static void
show_used(const struct vwl_budget *budget)
{
	for (int i = 0; budget->shown != NULL && i < VWL_RESOURCES; i++) {
		budget->shown[i].used = budget->used[i];
	}
}

void
vwl_budget_show(struct vwl_budget *budget, struct vwl_status_resource *shown)
{
	budget->shown = shown;
	for (int i = 0; i < VWL_RESOURCES; i++) {
		snprintf(shown[i].name, sizeof(shown[i].name), "%s",
			resources[i].name);
		shown[i].limit = budget->limits[i];
	}
	show_used(budget);
}

int
vwl_charge_take(struct vwl_charge *charge, struct vwl_budget *budget,
	struct vwl_amounts amounts)
{
	assert(charge->budget == NULL);
	for (int i = 0; i < VWL_RESOURCES; i++) {
		if (amounts.of[i] != 0
				&& !vwl_budget_has(budget, i, amounts.of[i])) {
			return -EDQUOT;
		}
	}
	charge->budget = budget;
	charge->amounts = amounts;
	for (; budget != NULL; budget = budget->parent) {
		for (int i = 0; i < VWL_RESOURCES; i++) {
			budget->used[i] += amounts.of[i];
		}
		show_used(budget);
	}
	return 0;
}

void
vwl_charge_drop(struct vwl_charge *charge)
{
	struct vwl_budget *budget;
	for (budget = charge->budget; budget != NULL; budget = budget->parent) {
		for (int i = 0; i < VWL_RESOURCES; i++) {
			assert(budget->used[i] >= charge->amounts.of[i]);
			budget->used[i] -= charge->amounts.of[i];
		}
		show_used(budget);
	}
	*charge = (struct vwl_charge){ 0 };
}

int
vwl_bill_create(struct vwl_budget *budget, struct vwl_amounts amounts,
	struct vwl_bill **ret)
{
	struct vwl_bill *bill = calloc(1, sizeof(*bill));
	if (bill == NULL) {
		return -ENOMEM;
	}
	bill->refs = 1;
	int r = vwl_charge_take(&bill->charge, budget, amounts);
	if (r < 0) {
		free(bill);
		return r;
	}
	*ret = bill;
	return 0;
}

struct vwl_bill *
vwl_bill_ref(struct vwl_bill *bill)
{
	bill->refs++;
	return bill;
}

void
vwl_bill_unref(struct vwl_bill *bill)
{
	if (bill != NULL && --bill->refs == 0) {
		vwl_charge_drop(&bill->charge);
		free(bill);
	}
}
