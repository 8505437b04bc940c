// How do the threads of XLA share one call?
#ifndef ADAM_JAX_PIECES_H_
#define ADAM_JAX_PIECES_H_

#include <stdatomic.h>
#include <stdint.h>

#include "xla/ffi/api/c_api.h"

// A call cut into pieces that can be done in any order.  The first member of a larger struct, in one calloc.
typedef struct Job Job;
struct Job {
  void (*piece)(Job*, int64_t number);
  int64_t pieces;
  // The rest belongs to pieces.c.
  atomic_llong taken, done;
  atomic_int owners;  // who may still look at this
  const XLA_FFI_Api* api;
  XLA_FFI_Future* future;
};

// Does all pieces, on this thread and on those of XLA that are free, and then frees the job.  XLA waits for it, and
// keeps the arrays until then; this thread does not.
XLA_FFI_Error* share(XLA_FFI_CallFrame* frame, Job* job);

// An error with this message, for XLA to raise.
XLA_FFI_Error* failure(const XLA_FFI_Api* api, const char* message);

#endif
