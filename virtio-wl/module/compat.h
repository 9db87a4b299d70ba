/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the kernels this module builds for.
 *
 * Linux 6.17 took pfn_t away, the header and all: since then
 * vmf_insert_mixed() has taken a plain number. Kbuild looks for the header.
 */
#ifndef VWL_COMPAT_H
#define VWL_COMPAT_H

#include <linux/mm.h>

#ifdef VWL_PFN_T
#include <linux/pfn_t.h>
#define vwl_pfn(pfn)	__pfn_to_pfn_t(pfn, PFN_DEV)
#else
#define vwl_pfn(pfn)	(pfn)
#endif

static inline vm_fault_t vwl_insert_pfn(struct vm_area_struct *vma,
					unsigned long addr, unsigned long pfn)
{
	return vmf_insert_mixed(vma, addr, vwl_pfn(pfn));
}

#endif
