// Pieces are taken by a counter that all threads share, so that no thread waits for another, and a job is done also if
// XLA's pool has no thread free.  Which thread does a piece changes nothing in its results.
#include "pieces.h"

#include <stdlib.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

// As XLA has it on its own threads: subnormal numbers count as zero, in what is read and in what is written.
#ifdef __x86_64__
typedef unsigned Mode;
enum { FLUSH_RESULTS = 0x8000, FLUSH_OPERANDS = 0x40 };
static Mode flush_subnormal(void) {
  const Mode before = _mm_getcsr();
  _mm_setcsr(before | FLUSH_RESULTS | FLUSH_OPERANDS);
  return before;
}
static void restore(Mode before) { _mm_setcsr(before); }
#elif defined(__aarch64__)
typedef uint64_t Mode;
enum { FLUSH = 1 << 24 };
static Mode flush_subnormal(void) {
  Mode before;
  __asm__ volatile("mrs %0, fpcr" : "=r"(before));
  __asm__ volatile("msr fpcr, %0" : : "r"(before | FLUSH));
  return before;
}
static void restore(Mode before) { __asm__ volatile("msr fpcr, %0" : : "r"(before)); }
#else
#error "adam_jax has native kernels for x86-64 and aarch64"
#endif

XLA_FFI_Error* failure(const XLA_FFI_Api* api, const char* message) {
  XLA_FFI_Error_Create_Args args = {XLA_FFI_Error_Create_Args_STRUCT_SIZE, NULL, message,
                                    XLA_FFI_Error_Code_INVALID_ARGUMENT};
  return api->XLA_FFI_Error_Create(&args);
}

static void forget(const XLA_FFI_Api* api, XLA_FFI_Error* error) {
  XLA_FFI_Error_Destroy_Args args = {XLA_FFI_Error_Destroy_Args_STRUCT_SIZE, NULL, error};
  api->XLA_FFI_Error_Destroy(&args);
}

static void leave(Job* job) {
  if (atomic_fetch_sub(&job->owners, 1) == 1) free(job);
}

static void help(void* data) {
  Job* job = data;
  const Mode mode = flush_subnormal();
  for (int64_t i; (i = atomic_fetch_add(&job->taken, 1)) < job->pieces;) {
    job->piece(job, i);
    if (atomic_fetch_add(&job->done, 1) + 1 == job->pieces && job->future) {
      XLA_FFI_Future_SetAvailable_Args args = {XLA_FFI_Future_SetAvailable_Args_STRUCT_SIZE, NULL, job->future};
      XLA_FFI_Error* error = job->api->XLA_FFI_Future_SetAvailable(&args);
      if (error) forget(job->api, error);
    }
  }
  restore(mode);
  leave(job);
}

static int64_t threads_of(XLA_FFI_CallFrame* frame) {
  int64_t threads = 1;
  XLA_FFI_ThreadPool_NumThreads_Args args = {XLA_FFI_ThreadPool_NumThreads_Args_STRUCT_SIZE, NULL, frame->ctx, &threads};
  XLA_FFI_Error* error = frame->api->XLA_FFI_ThreadPool_NumThreads(&args);
  if (!error) return threads;
  forget(frame->api, error);  // there is no pool
  return 1;
}

XLA_FFI_Error* share(XLA_FFI_CallFrame* frame, Job* job) {
  const int64_t threads = job->pieces > 1 ? threads_of(frame) : 1;
  const int64_t helpers = (threads < job->pieces ? threads : job->pieces) - 1;
  job->api = frame->api;
  atomic_init(&job->taken, 0);
  atomic_init(&job->done, 0);
  if (helpers > 0) {
    XLA_FFI_Future_Create_Args args = {XLA_FFI_Future_Create_Args_STRUCT_SIZE, NULL, NULL};
    XLA_FFI_Error* error = job->api->XLA_FFI_Future_Create(&args);
    if (error) {
      free(job);
      return error;
    }
    frame->future = job->future = args.future;
    atomic_init(&job->owners, (int)helpers + 1);
    for (int64_t i = 0; i < helpers; i++) {
      XLA_FFI_ThreadPool_Schedule_Args args = {XLA_FFI_ThreadPool_Schedule_Args_STRUCT_SIZE, NULL, frame->ctx, help, job};
      XLA_FFI_Error* error = job->api->XLA_FFI_ThreadPool_Schedule(&args);
      if (error) {  // the others do its share
        forget(job->api, error);
        leave(job);
      }
    }
  } else {
    atomic_init(&job->owners, 1);
  }
  help(job);
  return NULL;
}
