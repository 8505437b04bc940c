// What does XLA call?  A step of many leaves, and a look at all gradients before it.
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"
#include "pieces.h"

#define EXPORT __attribute__((visibility("default")))
enum { PIECE = 128 };  // blocks that a thread takes at a time: 16,384 elements, 256 KiB of float32 arrays

// Runs of the elements of all leaves, one after another in blocks; no block has elements of two leaves.
typedef struct {
  int64_t elements, before;  // of this leaf; the blocks of those before it
} Extent;

static int64_t blocks_of(int64_t elements) { return (elements + BLOCK - 1) / BLOCK; }

static int64_t elements_of(const XLA_FFI_Buffer* buffer) {
  int64_t n = 1;
  for (int64_t i = 0; i < buffer->rank; i++) n *= buffer->dims[i];
  return n;
}

static void lay_out(Extent* extents, int64_t leaves, Job* job) {
  int64_t blocks = 0;
  for (int64_t i = 0; i < leaves; i++) {
    extents[i].before = blocks;
    blocks += blocks_of(extents[i].elements);
  }
  job->pieces = (blocks + PIECE - 1) / PIECE;
}

// Calls `run(job, leaf, from, n)` for what of each leaf is in a piece.
INLINE void for_each_run(Job* job, const Extent* extents, int64_t leaves, int64_t piece,
                         void (*run)(Job*, int64_t leaf, int64_t from, int64_t n)) {
  const int64_t start = piece * PIECE, stop = start + PIECE;
  int64_t low = 0, high = leaves - 1;
  while (low < high) {  // the last leaf that starts at or before it
    const int64_t middle = (low + high + 1) / 2;
    if (extents[middle].before <= start) low = middle; else high = middle - 1;
  }
  for (int64_t leaf = low; leaf < leaves && extents[leaf].before < stop; leaf++) {
    const int64_t before = extents[leaf].before, elements = extents[leaf].elements;
    const int64_t from = start > before ? (start - before) * BLOCK : 0, most = (stop - before) * BLOCK;
    const int64_t to = elements < most ? elements : most;
    if (from < to) run(job, leaf, from, to - from);
  }
}

// ---------------------------------------------------------------------------------------------------------- the step

// The first numbers of a leaf's row: whether the step counts, and where its elements are in the whole leaf, seen as
// (lead, rows, columns): first + lead * of_lead + row * of_row + column.  Then those that the kernel reads.
enum { GOOD, FIRST, OF_LEAD, OF_ROW, ROWS, COLUMNS, PLACES };

typedef struct {
  Job job;
  Step* step;
  uint8_t sizes[MOST_ARRAYS];
  int arrays;
  int64_t leaves;
  Extent* extents;
  void* (*arrays_of)[MOST_ARRAYS];
  const uint32_t* numbers;
  int64_t per_leaf;
} StepJob;

// `n` elements that follow each other in the arrays and in the whole leaf.
static void step_run(const StepJob* w, void* const* arrays, const uint32_t* numbers, int64_t from, int64_t n,
                     uint32_t first) {
  const int64_t blocks = n / BLOCK, done = blocks * BLOCK, rest = n - done;
  void* at[MOST_ARRAYS];
  for (int i = 0; i < w->arrays; i++) at[i] = (char*)arrays[i] + from * w->sizes[i];
  if (blocks) w->step(at, numbers, blocks, first);
  if (!rest) return;
  float block[MOST_ARRAYS][BLOCK];  // of what is left, filled up with zeros
  void* padded[MOST_ARRAYS];
  for (int i = 0; i < w->arrays; i++) {
    padded[i] = block[i];
    memset(block[i], 0, sizeof block[i]);
    memcpy(block[i], (char*)at[i] + done * w->sizes[i], (size_t)(rest * w->sizes[i]));
  }
  w->step(padded, numbers, 1, first + (uint32_t)done);
  for (int i = 0; i < w->arrays - 1; i++)  // all but the gradient
    memcpy((char*)at[i] + done * w->sizes[i], block[i], (size_t)(rest * w->sizes[i]));
}

static void step_leaf(Job* job, int64_t leaf, int64_t from, int64_t n) {
  const StepJob* w = (const StepJob*)job;
  const uint32_t* row = w->numbers + leaf * w->per_leaf;
  if (!row[GOOD]) return;
  void* const* arrays = w->arrays_of[leaf];
  const uint32_t rows = row[ROWS], columns = row[COLUMNS];
  if (row[OF_ROW] == columns && row[OF_LEAD] == rows * columns) {
    step_run(w, arrays, row + PLACES, from, n, row[FIRST] + (uint32_t)from);
    return;
  }
  while (n > 0) {  // row by row
    const int64_t number = from / columns, column = from % columns, left = columns - column;
    const uint32_t lead = (uint32_t)(number / rows), in_lead = (uint32_t)(number % rows);
    const uint32_t first = row[FIRST] + lead * row[OF_LEAD] + in_lead * row[OF_ROW] + (uint32_t)column;
    const int64_t some = n < left ? n : left;
    step_run(w, arrays, row + PLACES, from, some, first);
    from += some;
    n -= some;
  }
}

static void step_piece(Job* job, int64_t piece) {
  const StepJob* w = (const StepJob*)job;
  for_each_run(job, w->extents, w->leaves, piece, step_leaf);
}

// Reads and writes what a float32 step does, and computes next to nothing: the fastest that any can be.
INSTRUCTIONS static void one_pass(void* const* a, const uint32_t* s, int64_t blocks, uint32_t first) {
  float *restrict p = a[0], *restrict m = a[1], *restrict v = a[2];
  const float* restrict g = a[3];
  (void)s, (void)first;
  for (int64_t b = 0; b < blocks; b++, p += BLOCK, m += BLOCK, v += BLOCK, g += BLOCK) {
    for (int k = 0; k < BLOCK; k++) p[k] += g[k];
    for (int k = 0; k < BLOCK; k++) m[k] += g[k];
    for (int k = 0; k < BLOCK; k++) v[k] += g[k];
  }
}
static const Kernel limit_kernels[] = {{"limit", one_pass, {4, 4, 4, 4}}, {0}};

static const Kernel* const TABLES[] = {adam_kernels,         nadam_kernels,  amsgrad_kernels,
                                       amsgrad_of_v_kernels, adamax_kernels, limit_kernels};

static const Kernel* kernel_named(const char* name, size_t length) {
  for (size_t i = 0; i < sizeof TABLES / sizeof *TABLES; i++)
    for (const Kernel* k = TABLES[i]; k->name; k++)
      if (strlen(k->name) == length && !memcmp(k->name, name, length)) return k;
  return NULL;
}

static bool answers_metadata(XLA_FFI_CallFrame* frame) {
  XLA_FFI_Extension_Base* extension = frame->extension_start;
  if (!extension || extension->type != XLA_FFI_Extension_Metadata) return false;
  XLA_FFI_Metadata* metadata = ((XLA_FFI_Metadata_Extension*)extension)->metadata;
  metadata->api_version.major_version = XLA_FFI_API_MAJOR;
  metadata->api_version.minor_version = XLA_FFI_API_MINOR;  // that of the oldest jaxlib: newer ones take it too
  metadata->traits = 0;
  return true;
}

// Operands: the numbers, uint32[leaves, ...]; then the arrays of each leaf, the gradient last.  Results: the same arrays
// without the gradient, in the same memory.  Attribute: the name of the kernel.
EXPORT XLA_FFI_Error* adam_jax_step(XLA_FFI_CallFrame* frame) {
  if (answers_metadata(frame)) return NULL;
  const XLA_FFI_Attrs* attributes = &frame->attrs;
  const Kernel* kernel = NULL;
  for (int64_t i = 0; i < attributes->size; i++)
    if (attributes->types[i] == XLA_FFI_AttrType_STRING) {
      const XLA_FFI_ByteSpan* name = attributes->attrs[i];
      kernel = kernel_named(name->ptr, name->len);
    }
  if (!kernel) return failure(frame->api, "adam_jax: this library has no such kernel; install adam_jax again");

  const XLA_FFI_Buffer* numbers = frame->args.args[0];
  const int64_t leaves = numbers->dims[0];
  int arrays = 0;
  while (arrays < MOST_ARRAYS && kernel->sizes[arrays]) arrays++;
  if (frame->args.size != 1 + leaves * arrays || frame->rets.size != leaves * (arrays - 1))
    return failure(frame->api, "adam_jax: the operands do not fit the kernel");
  StepJob* w = calloc(1, sizeof *w + (size_t)leaves * (sizeof *w->extents + sizeof *w->arrays_of));
  if (!w) return failure(frame->api, "adam_jax: no memory for a step");
  w->job.piece = step_piece;
  w->step = kernel->step;
  memcpy(w->sizes, kernel->sizes, sizeof w->sizes);
  w->arrays = arrays;
  w->leaves = leaves;
  w->arrays_of = (void*)(w + 1);
  w->extents = (void*)(w->arrays_of + leaves);
  w->numbers = numbers->data;
  w->per_leaf = numbers->dims[1];
  for (int64_t leaf = 0; leaf < leaves; leaf++) {
    for (int i = 0; i < arrays; i++) {
      const XLA_FFI_Buffer* array = frame->args.args[1 + leaf * arrays + i];
      w->extents[leaf].elements = elements_of(array);
      w->arrays_of[leaf][i] = array->data;
      if (i == arrays - 1) continue;
      const XLA_FFI_Buffer* result = frame->rets.rets[leaf * (arrays - 1) + i];
      if (result->data != array->data && w->extents[leaf].elements) {
        free(w);
        return failure(frame->api, "adam_jax: a result is not where its operand is");
      }
    }
  }
  lay_out(w->extents, leaves, &w->job);
  return share(frame, &w->job);
}

// ------------------------------------------------------------------------------------------------- a look at gradients

typedef struct {
  Job job;
  int64_t leaves;
  Extent* extents;
  const XLA_FFI_Buffer** gradients;
  atomic_int *largest_square, *is_finite;  // the results; a float as its bits, which are ordered as the numbers are
} LookJob;

typedef struct {
  int32_t largest, infinite;  // the bits of the largest finite |x|; 0 or 1
} Seen;

#define LOOK(name, type, bits, infinity)                                   \
  INSTRUCTIONS static Seen name(const type* x, int64_t n) {                \
    int32_t largest = 0, infinite = 0;                                     \
    for (int64_t i = 0; i < n; i++) {                                      \
      const int32_t size = (int32_t)(bits(x[i])), is = size >= (infinity); \
      const int32_t finite = is ? 0 : size;                                \
      infinite |= is;                                                      \
      largest = finite > largest ? finite : largest;                       \
    }                                                                      \
    return (Seen){largest, infinite};                                      \
  }
#define WITHOUT_SIGN_32(x) (bits_of(x) & 0x7FFFFFFFu)
#define WITHOUT_SIGN_16(x) ((uint32_t)(x) << 16 & 0x7FFFFFFFu)
LOOK(look_at_float32, float, WITHOUT_SIGN_32, 0x7F800000)
LOOK(look_at_bfloat16, uint16_t, WITHOUT_SIGN_16, 0x7F800000)

static void look_at_leaf(Job* job, int64_t leaf, int64_t from, int64_t n) {
  const LookJob* w = (const LookJob*)job;
  const XLA_FFI_Buffer* g = w->gradients[leaf];
  const Seen seen = g->dtype == XLA_FFI_DataType_F32 ? look_at_float32((const float*)g->data + from, n)
                                                     : look_at_bfloat16((const uint16_t*)g->data + from, n);
  if (seen.infinite) atomic_store(&w->is_finite[leaf], 0);
  // Squared here, and not in JAX: XLA may contract a square with what it is subtracted from, or may not, and the bounds
  // of 8-bit moments would have other bits on another number of devices.
  const float largest = float_of((uint32_t)seen.largest), most = 0x1p63f;  // as `saturate` in core/arithmetic.py
  const float size = largest < most ? largest : most;
  const int square = (int)bits_of(size * size);
  int known = atomic_load(&w->largest_square[leaf]);
  while (known < square && !atomic_compare_exchange_weak(&w->largest_square[leaf], &known, square)) {
  }
}

static void look_piece(Job* job, int64_t piece) {
  const LookJob* w = (const LookJob*)job;
  for_each_run(job, w->extents, w->leaves, piece, look_at_leaf);
}

// Operands: gradients, float32 or bfloat16.  Results: the largest finite g**2 of each, float32[leaves], and whether all of
// its elements are finite, int32[leaves].
EXPORT XLA_FFI_Error* adam_jax_observe(XLA_FFI_CallFrame* frame) {
  if (answers_metadata(frame)) return NULL;
  const int64_t leaves = frame->args.size;
  LookJob* w = calloc(1, sizeof *w + (size_t)leaves * (sizeof *w->extents + sizeof *w->gradients));
  if (!w) return failure(frame->api, "adam_jax: no memory for a look at the gradients");
  w->job.piece = look_piece;
  w->leaves = leaves;
  w->extents = (void*)(w + 1);
  w->gradients = (void*)(w->extents + leaves);
  w->largest_square = ((XLA_FFI_Buffer*)frame->rets.rets[0])->data;
  w->is_finite = ((XLA_FFI_Buffer*)frame->rets.rets[1])->data;
  for (int64_t i = 0; i < leaves; i++) {
    const XLA_FFI_Buffer* g = frame->args.args[i];
    if (g->dtype != XLA_FFI_DataType_F32 && g->dtype != XLA_FFI_DataType_BF16) {
      free(w);
      return failure(frame->api, "adam_jax: gradients must be float32 or bfloat16 here");
    }
    w->gradients[i] = g;
    w->extents[i].elements = elements_of(g);
    atomic_init(&w->largest_square[i], 0);
    atomic_init(&w->is_finite[i], 1);
  }
  lay_out(w->extents, leaves, &w->job);
  return share(frame, &w->job);
}

// ---------------------------------------------------------------------------------------------------- what Python asks

// Whether this processor has the instructions that the kernels are made of.
EXPORT int adam_jax_can_run(void) {
#ifdef __x86_64__
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return 1;
#endif
}

EXPORT int adam_jax_has(const char* name) { return kernel_named(name, strlen(name)) != NULL; }

// The digest of the sources that this was compiled from.
EXPORT const char* adam_jax_digest(void) { return ADAM_JAX_DIGEST; }
