/* SPDX-License-Identifier: MIT */
/* An intrusive, circular, doubly linked list. A head is a link of its own. */
#ifndef WLB_UTIL_LIST_H
#define WLB_UTIL_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
	struct list *prev;
	struct list *next;
};

static inline void
list_init(struct list *list)
{
	list->prev = list;
	list->next = list;
}

static inline bool
list_empty(const struct list *list)
{
	return list->next == list;
}

/* Insert @elem right after @after; after the head is "first". */
static inline void
list_insert(struct list *after, struct list *elem)
{
	elem->prev = after;
	elem->next = after->next;
	after->next->prev = elem;
	after->next = elem;
}

/* Insert @elem as the last of @head. */
static inline void
list_append(struct list *head, struct list *elem)
{
	list_insert(head->prev, elem);
}

/* Unlink @elem; it is a list of its own afterwards, so twice is harmless. */
static inline void
list_remove(struct list *elem)
{
	elem->prev->next = elem->next;
	elem->next->prev = elem->prev;
	list_init(elem);
}

#define list_entry(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

#define list_first(head, type, member) list_entry((head)->next, type, member)

#define list_for_each(pos, head, member)				\
	for (pos = list_entry((head)->next, __typeof__(*pos), member);	\
		&pos->member != (head);					\
		pos = list_entry(pos->member.next, __typeof__(*pos), member))

/* As list_for_each(), but @pos may be removed in the body. */
#define list_for_each_safe(pos, tmp, head, member)			\
	for (pos = list_entry((head)->next, __typeof__(*pos), member),	\
			tmp = list_entry(pos->member.next,		\
				__typeof__(*pos), member);		\
		&pos->member != (head);					\
		pos = tmp, tmp = list_entry(pos->member.next,		\
				__typeof__(*pos), member))

#endif
