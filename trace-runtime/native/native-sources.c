/*
 * A light recording that is executed again without files that its code was loaded from: Node itself, and addons of tools that
 * look for code by themselves, as resolvers do, find these in a folder that holds them under their paths.
 */
#define _GNU_SOURCE
#include "native-files.h"
#include "native-paths.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

char sources[PATH_MAX];

/* A file that is there is another one now: it would not be in `sources` else. Folders and links are, where they are. */
const char *source_of(const char *path, char *place) {
  char whole[PATH_MAX];
  struct stat status, real;
  if (!sources[0] || !path) return NULL;
  int error = errno;
  bool is_given = absolute(path, whole) && is_in(sources, whole, "", &status) &&
                  (S_ISREG(status.st_mode) || stat(whole, &real) != 0) && within(sources, whole, "", place);
  errno = error;
  return is_given ? place : NULL;
}

#ifdef __linux__

static const char *there(const char *path, char *place) {
  const char *found = source_of(path, place);
  return found ? found : path;
}

/* What is named by an open folder lies in that folder. */
static const char *there_at(int folder, const char *path, char *place) {
  return path && (folder == AT_FDCWD || *path == '/') ? there(path, place) : path;
}

static bool is_read(int flags) {
  return (flags & O_ACCMODE) == O_RDONLY && !(flags & (O_CREAT | O_TRUNC));
}

static int given_openat(int folder, const char *path, int flags, ...) {
  char place[PATH_MAX];
  va_list more;
  va_start(more, flags);
  int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, int) : 0;
  va_end(more);
  return openat(folder, is_read(flags) ? there_at(folder, path, place) : path, flags, mode);
}

static int given_open(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, int) : 0;
  va_end(more);
  return given_openat(AT_FDCWD, path, flags, mode);
}

static FILE *given_fopen(const char *path, const char *how) {
  char place[PATH_MAX];
  return fopen(*how == 'r' && !strchr(how, '+') ? there(path, place) : path, how);
}

static int given_stat(const char *path, struct stat *status) {
  char place[PATH_MAX];
  return stat(there(path, place), status);
}

static int given_lstat(const char *path, struct stat *status) {
  char place[PATH_MAX];
  return lstat(there(path, place), status);
}

static int given_xstat(int version, const char *path, struct stat *status) {
  (void)version;
  return given_stat(path, status);
}

static int given_lxstat(int version, const char *path, struct stat *status) {
  (void)version;
  return given_lstat(path, status);
}

static int given_fstatat(int folder, const char *path, struct stat *status, int flags) {
  char place[PATH_MAX];
  return fstatat(folder, there_at(folder, path, place), status, flags);
}

static int given_fxstatat(int version, int folder, const char *path, struct stat *status, int flags) {
  (void)version;
  return given_fstatat(folder, path, status, flags);
}

static int given_statx(int folder, const char *path, int flags, unsigned mask, struct statx *status) {
  char place[PATH_MAX];
  return statx(folder, there_at(folder, path, place), flags, mask, status);
}

static int given_access(const char *path, int mode) {
  char place[PATH_MAX];
  return access(there(path, place), mode);
}

static int given_faccessat(int folder, const char *path, int mode, int flags) {
  char place[PATH_MAX];
  return faccessat(folder, there_at(folder, path, place), mode, flags);
}

static DIR *given_opendir(const char *path) {
  char place[PATH_MAX];
  return opendir(there(path, place));
}

static int given_scandir(const char *path, struct dirent ***list, int (*chosen)(const struct dirent *),
                         int (*order)(const struct dirent **, const struct dirent **)) {
  char place[PATH_MAX];
  return scandir(there(path, place), list, chosen, order);
}

static ssize_t given_readlink(const char *path, char *out, size_t size) {
  char place[PATH_MAX];
  return readlink(there(path, place), out, size);
}

static char *given_realpath(const char *path, char *out) {
  char place[PATH_MAX], found[PATH_MAX];
  const char *given = path ? there(path, place) : path;
  if (given == path) return realpath(path, out);
  if (!realpath(given, found)) return NULL;
  return out ? strcpy(out, known_as(found)) : strdup(known_as(found));
}

/* libuv's way to `statx`. */
static long given_syscall(long number, ...) {
  char place[PATH_MAX];
  va_list more;
  long given[6];
  va_start(more, number);
  for (int i = 0; i < 6; i++) given[i] = va_arg(more, long);
  va_end(more);
  if (number == SYS_statx) given[1] = (long)there_at((int)given[0], (const char *)given[1], place);
  return syscall(number, given[0], given[1], given[2], given[3], given[4], given[5]);
}

function source_hook_of(const char *name) {
  static const struct {
    const char *name;
    function hook;
  } hooks[] = {
#define HOOK(name, hook) {name, (function)hook}
      HOOK("open", given_open),
      HOOK("open64", given_open),
      HOOK("openat", given_openat),
      HOOK("openat64", given_openat),
      HOOK("fopen", given_fopen),
      HOOK("fopen64", given_fopen),
      HOOK("stat", given_stat),
      HOOK("stat64", given_stat),
      HOOK("lstat", given_lstat),
      HOOK("lstat64", given_lstat),
      HOOK("__xstat", given_xstat),
      HOOK("__xstat64", given_xstat),
      HOOK("__lxstat", given_lxstat),
      HOOK("__lxstat64", given_lxstat),
      HOOK("fstatat", given_fstatat),
      HOOK("fstatat64", given_fstatat),
      HOOK("__fxstatat", given_fxstatat),
      HOOK("__fxstatat64", given_fxstatat),
      HOOK("statx", given_statx),
      HOOK("access", given_access),
      HOOK("faccessat", given_faccessat),
      HOOK("opendir", given_opendir),
      HOOK("scandir", given_scandir),
      HOOK("scandir64", given_scandir),
      HOOK("readlink", given_readlink),
      HOOK("realpath", given_realpath),
      HOOK("syscall", given_syscall),
      HOOK("sigaction", kept_sigaction),
  };
  for (size_t i = 0; i < sizeof hooks / sizeof *hooks; i++)
    if (strcmp(hooks[i].name, name) == 0) return hooks[i].hook;
  return NULL;
}

#endif
