/* SPDX-License-Identifier: MIT */
#pragma once

#include "promod/call.h"

/*
 * A body that is a file (PROMO_BODY_UPLOAD): nothing of it is read before a worker has found that its
 * sender may send it, then it goes to disk piece by piece, and nothing of it is kept where it breaks
 * off. What it takes to store it in the database is done in turns, so that no worker is away for long.
 */

/* The head is there: asks a worker. Answers, or lets the body come. */
void promod_receive_admit(struct promod_call *call);

/* The body is there: hands the file to call->request, or refuses it. */
int promod_receive_end(struct promod_call *call) PROMO_CHECK;

/* Has workers run the request; false without memory, and where nobody works any more. */
bool promod_receive_run(struct promod_call *call);
