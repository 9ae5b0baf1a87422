/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_event.h"

#define T struct promo_event_stream_in
static const struct promo_field event_stream_in[] = {
	PROMO_F_TEXTS(T, topics, 0, 20, NULL, PROMO_IN_QUERY | PROMO_MULTI,
		"kinds of events, or what they begin with: redemption.completed, batch; all unless "
		"said"),
	PROMO_F_TEXT(T, last_event_id, TEXT, 1, 14000, PROMO_IN_QUERY,
		"go on behind this event, where the header Last-Event-ID cannot be sent"),
};
#undef T
const struct promo_schema promo_event_stream_in_schema =
	PROMO_INPUT(struct promo_event_stream_in, "event_stream_in", event_stream_in);

const struct promo_op promo_op_event_stream = {
	.name = "event.stream",
	.summary = "Hear of what happens while it happens (Server-Sent Events)",
	.method = PROMO_GET,
	.path = "/events",
	.access = PROMO_ACCESS_SELF,
	.flags = PROMO_OP_BY_API_KEY,
	.in = &promo_event_stream_in_schema,
	.shape = PROMO_SHAPE_STREAM,
	.media_type = "text/event-stream",
	.status = 200,
	.errors = { { PROMO_E_TOO_MANY_REQUESTS } },
	.examples = "promo event stream --topics redemption,code.reported\n",
};
