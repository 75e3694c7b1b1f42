/*
 * The optional native helper, an N-API addon; one binary serves every Node version.
 *
 *   map(path: string, bytes: number): ArrayBuffer
 *       Opens or creates the file (mode 0600), makes it `bytes` long and maps it shared. What is written to the
 *       buffer survives any death of the process. The mapping lasts until the process ends. Throws an Error with
 *       `code` (ENOSPC, EACCES, …) on failure. Blocks are allocated ahead, so that a full disk is an error here and
 *       not a SIGBUS at some later store.
 *
 *   setStackLimit(kilobytes: number, raise?: boolean): boolean
 *       Lets the main thread's stack grow to about `kilobytes` below the present frame before V8 throws a RangeError.
 *       False in other threads (their maker chose their stack: `resourceLimits.stackSizeMb`), where this V8 does not
 *       offer it, and where the operating system's limit is too small. `raise`: raises that limit first, where the
 *       stack of a running process grows with it (Linux).
 *
 *   openTerminal(columns: number, rows: number): [number, number]
 *       A new terminal of that size that is nobody's own, as two descriptors: the end that gets what is written to it, and the
 *       terminal. Throws an Error with `code` on failure.
 *
 *   watchFiles({copies, own}): void
 *   leadFiles({overlay, gone, recorded, absent, sources, doubts, copies, own, folder}): void
 *       Once a process, from the run's first thread: files that native code opens by itself are watched, or led to a
 *       rerun's (native-files.c). `own`: folders that are Hindcast's.
 *
 *       `sources`: where Node itself, too, finds code that is gone (native-sources.c).
 *
 *   takeFiles(): {path, kind, copy, at, changed, permissions}[] | undefined
 *       What was watched since the last call.
 *
 *   lead(doLead: boolean): boolean
 *       Does so with the calls of all libraries that were loaded since the last call, or takes note that they go on as
 *       they are. False where it cannot.
 *
 * SQLite takes it for an extension, too (native-sqlite.c).
 */
#define _GNU_SOURCE
#include "native-files.h"
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <node_api.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#elif defined(__APPLE__)
#include <pthread.h>
#endif

#define STACK_RESERVE_KB 256

static const char *code_of(int error) {
  switch (error) {
    case ENOSPC: return "ENOSPC";
    case EDQUOT: return "EDQUOT";
    case EACCES: return "EACCES";
    case EPERM: return "EPERM";
    case ENOENT: return "ENOENT";
    case EFBIG: return "EFBIG";
    case ENOMEM: return "ENOMEM";
    case EMFILE: return "EMFILE";
    case EINVAL: return "EINVAL";
    default: return "EIO";
  }
}

static napi_value fail(napi_env env, int error) {
  napi_throw_error(env, code_of(error), strerror(error));
  return NULL;
}

/* An mmap that outlives the ArrayBuffer: other threads and the exit path may still write. */
static void keep_mapping(napi_env env, void *data, void *hint) {
  (void)env;
  (void)data;
  (void)hint;
}

/* Returns 0 or an errno. */
static int allocate(int fd, off_t bytes) {
  if (ftruncate(fd, bytes) != 0) return errno;
#ifdef __linux__
  if (fallocate(fd, 0, 0, bytes) != 0 && errno != EOPNOTSUPP && errno != ENOSYS) return errno;
#endif
  return 0;
}

static napi_value map(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2];
  char path[PATH_MAX];
  size_t length;
  int64_t bytes;
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != napi_ok || count < 2 ||
      napi_get_value_string_utf8(env, arguments[0], path, sizeof path, &length) != napi_ok ||
      napi_get_value_int64(env, arguments[1], &bytes) != napi_ok || length + 1 >= sizeof path || bytes <= 0)
    return fail(env, EINVAL);

  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return fail(env, errno);
  int error = allocate(fd, bytes);
  void *memory = MAP_FAILED;
  if (error == 0) {
    memory = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) error = errno;
  }
  close(fd);
  if (error != 0) return fail(env, error);

  napi_value buffer;
  if (napi_create_external_arraybuffer(env, memory, (size_t)bytes, keep_mapping, NULL, &buffer) != napi_ok) {
    munmap(memory, (size_t)bytes);
    return fail(env, EPERM);
  }
  return buffer;
}

static bool on_main_thread(void) {
#ifdef __linux__
  return syscall(SYS_gettid) == getpid();
#elif defined(__APPLE__)
  return pthread_main_np() != 0;
#else
  return false;
#endif
}

static bool stack_holds(int64_t kilobytes) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_STACK, &limit) != 0) return false;
  return limit.rlim_cur == RLIM_INFINITY || (uint64_t)kilobytes + STACK_RESERVE_KB <= limit.rlim_cur / 1024;
}

static void raise_limit(int64_t kilobytes) {
#ifdef __linux__
  struct rlimit limit;
  if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
  limit.rlim_cur = ((rlim_t)kilobytes + STACK_RESERVE_KB) * 1024;
  if (limit.rlim_max != RLIM_INFINITY && limit.rlim_cur > limit.rlim_max) return;
  setrlimit(RLIMIT_STACK, &limit);
#else
  (void)kilobytes;
#endif
}

static napi_value set_stack_limit(napi_env env, napi_callback_info info) {
  typedef void *(*get_current)(void);
  typedef void (*set_limit)(void *isolate, uintptr_t limit);
  size_t count = 2;
  napi_value arguments[2], result;
  int64_t kilobytes = 0;
  bool done = false, raise = false;
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) == napi_ok && count >= 1 &&
      napi_get_value_int64(env, arguments[0], &kilobytes) == napi_ok && kilobytes > 0 && on_main_thread()) {
    if (count > 1 && napi_get_value_bool(env, arguments[1], &raise) == napi_ok && raise && !stack_holds(kilobytes))
      raise_limit(kilobytes);
  }
  if (kilobytes > 0 && on_main_thread() && stack_holds(kilobytes)) {
    get_current current = (get_current)(uintptr_t)dlsym(RTLD_DEFAULT, "_ZN2v87Isolate10GetCurrentEv");
    set_limit set = (set_limit)(uintptr_t)dlsym(RTLD_DEFAULT, "_ZN2v87Isolate13SetStackLimitEm");
    void *isolate = current && set ? current() : NULL;
    if (isolate) {
      uintptr_t here = (uintptr_t)&count;
      uintptr_t wanted = (uintptr_t)kilobytes * 1024;
      if (here > wanted) {
        set(isolate, here - wanted);
        done = true;
      }
    }
  }
  return napi_get_boolean(env, done, &result) == napi_ok ? result : NULL;
}

static int open_slave(int master, struct winsize *size) {
  const char *path = grantpt(master) == 0 && unlockpt(master) == 0 ? ptsname(master) : NULL;
  int slave = path ? open(path, O_RDWR | O_NOCTTY | O_CLOEXEC) : -1;
  if (slave >= 0) ioctl(slave, TIOCSWINSZ, size);
  return slave;
}

static napi_value open_terminal(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2], result;
  uint32_t columns, rows;
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != napi_ok || count < 2 ||
      napi_get_value_uint32(env, arguments[0], &columns) != napi_ok ||
      napi_get_value_uint32(env, arguments[1], &rows) != napi_ok)
    return fail(env, EINVAL);
  struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};
  int master = posix_openpt(O_RDWR | O_NOCTTY);
  if (master < 0) return fail(env, errno);
  fcntl(master, F_SETFD, FD_CLOEXEC);
  int slave = open_slave(master, &size);
  if (slave < 0) {
    int error = errno;
    close(master);
    return fail(env, error);
  }
  int ends[2] = {master, slave};
  if (napi_create_array_with_length(env, 2, &result) != napi_ok) return NULL;
  for (uint32_t i = 0; i < 2; i++) {
    napi_value end;
    if (napi_create_int32(env, ends[i], &end) != napi_ok || napi_set_element(env, result, i, end) != napi_ok) return NULL;
  }
  return result;
}

static napi_status export(napi_env env, napi_value exports, const char *name, napi_callback function) {
  napi_value value;
  napi_status status = napi_create_function(env, name, NAPI_AUTO_LENGTH, function, NULL, &value);
  return status == napi_ok ? napi_set_named_property(env, exports, name, value) : status;
}

NAPI_MODULE_INIT() {
  if (export(env, exports, "map", map) != napi_ok) return NULL;
  if (export(env, exports, "setStackLimit", set_stack_limit) != napi_ok) return NULL;
  if (export(env, exports, "openTerminal", open_terminal) != napi_ok) return NULL;
  if (export_native_files(env, exports) != napi_ok) return NULL;
  return exports;
}
