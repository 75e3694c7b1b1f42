/* The calls by which native code gets at files, led to `place_of`. */
#define _GNU_SOURCE
#include "native-files.h"
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include <utime.h>

static enum aim aim_of(int flags) {
  if (flags & O_TRUNC) return flags & O_CREAT ? REPLACE : CHANGE;
  if (flags & O_CREAT) return MAKE;
  return (flags & O_ACCMODE) == O_RDONLY ? READ : CHANGE;
}

int led_open(const char *path, int flags, int mode) {
  char place[PATH_MAX];
#ifdef O_TMPFILE
  if ((flags & O_TMPFILE) == O_TMPFILE) return open(path, flags, mode);
#endif
  return open(place_of(path, aim_of(flags), place), flags, mode);
}

int led_access(const char *path, int mode) {
  char place[PATH_MAX];
  return access(place_of(path, LOOK, place), mode);
}

int led_stat(const char *path, struct stat *status) {
  char place[PATH_MAX];
  return stat(place_of(path, LOOK, place), status);
}

int led_lstat(const char *path, struct stat *status) {
  char place[PATH_MAX];
  return lstat(place_of(path, LOOK, place), status);
}

int led_unlink(const char *path) {
  char place[PATH_MAX];
  int result = unlink(place_of(path, CHANGE, place));
  if (result == 0) was_removed(path);
  return result;
}

int led_rmdir(const char *path) {
  char place[PATH_MAX];
  int result = rmdir(place_of(path, LIST, place));
  if (result == 0) was_removed(path);
  return result;
}

int led_mkdir(const char *path, mode_t mode) {
  char place[PATH_MAX];
  return mkdir(place_of(path, FOLDER, place), mode);
}

ssize_t led_readlink(const char *path, char *out, size_t size) {
  char place[PATH_MAX];
  return readlink(place_of(path, LOOK, place), out, size);
}

char *led_getcwd(char *out, size_t size) {
  const char *folder = folder_of_run();
  if (!folder) return getcwd(out, size);
  size_t needed = strlen(folder) + 1;
  if (!out) return strdup(folder);
  if (needed > size) {
    errno = ERANGE;
    return NULL;
  }
  return memcpy(out, folder, needed);
}

#ifdef __linux__

static int hook_open(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, int) : 0;
  va_end(more);
  return led_open(path, flags, mode);
}

static int hook_open_2(const char *path, int flags) {
  return led_open(path, flags, 0);
}

static int hook_creat(const char *path, mode_t mode) {
  return led_open(path, O_WRONLY | O_CREAT | O_TRUNC, (int)mode);
}

/* What is named by an open folder lies in that folder. */
static bool is_apart_at(int folder, const char *path) {
  return !path || (folder != AT_FDCWD && *path != '/');
}

static int hook_openat(int folder, const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, int) : 0;
  va_end(more);
  return is_apart_at(folder, path) ? openat(folder, path, flags, mode) : led_open(path, flags, mode);
}

static int hook_openat_2(int folder, const char *path, int flags) {
  return is_apart_at(folder, path) ? openat(folder, path, flags) : led_open(path, flags, 0);
}

static enum aim aim_of_text(const char *how) {
  if (*how == 'w') return REPLACE;
  if (*how == 'a') return MAKE;
  return strchr(how, '+') ? CHANGE : READ;
}

static FILE *hook_fopen(const char *path, const char *how) {
  char place[PATH_MAX];
  return fopen(place_of(path, aim_of_text(how), place), how);
}

static FILE *hook_freopen(const char *path, const char *how, FILE *file) {
  char place[PATH_MAX];
  return freopen(path ? place_of(path, aim_of_text(how), place) : path, how, file);
}

static int hook_xstat(int version, const char *path, struct stat *status) {
  (void)version;
  return led_stat(path, status);
}

static int hook_lxstat(int version, const char *path, struct stat *status) {
  (void)version;
  return led_lstat(path, status);
}

static int hook_fstatat(int folder, const char *path, struct stat *status, int flags) {
  char place[PATH_MAX];
  if (is_apart_at(folder, path) || !*path) return fstatat(folder, path, status, flags);
  return fstatat(folder, place_of(path, LOOK, place), status, flags);
}

static int hook_fxstatat(int version, int folder, const char *path, struct stat *status, int flags) {
  (void)version;
  return hook_fstatat(folder, path, status, flags);
}

static int hook_statx(int folder, const char *path, int flags, unsigned mask, struct statx *status) {
  char place[PATH_MAX];
  if (is_apart_at(folder, path) || !*path) return statx(folder, path, flags, mask, status);
  return statx(folder, place_of(path, LOOK, place), flags, mask, status);
}

static int hook_faccessat(int folder, const char *path, int mode, int flags) {
  char place[PATH_MAX];
  return faccessat(folder, is_apart_at(folder, path) ? path : place_of(path, LOOK, place), mode, flags);
}

static int hook_unlinkat(int folder, const char *path, int flags) {
  if (is_apart_at(folder, path)) return unlinkat(folder, path, flags);
  return flags & AT_REMOVEDIR ? led_rmdir(path) : led_unlink(path);
}

static int hook_remove(const char *path) {
  struct stat status;
  return led_lstat(path, &status) == 0 && S_ISDIR(status.st_mode) ? led_rmdir(path) : led_unlink(path);
}

static int hook_renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
  char from_place[PATH_MAX], to_place[PATH_MAX];
  if (is_apart_at(from_folder, from) || is_apart_at(to_folder, to))
    return renameat2(from_folder, from, to_folder, to, flags);
  const char *there = place_of(from, CHANGE, from_place);
  const char *then = place_of(to, flags & RENAME_NOREPLACE ? MAKE : REPLACE, to_place);
  int result = flags ? renameat2(AT_FDCWD, there, AT_FDCWD, then, flags) : rename(there, then);
  if (result == 0 && !(flags & RENAME_EXCHANGE)) was_removed(from);
  return result;
}

static int hook_renameat(int from_folder, const char *from, int to_folder, const char *to) {
  return hook_renameat2(from_folder, from, to_folder, to, 0);
}

static int hook_rename(const char *from, const char *to) {
  return hook_renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

static int hook_link(const char *from, const char *to) {
  char from_place[PATH_MAX], to_place[PATH_MAX];
  const char *there = place_of(from, CHANGE, from_place);
  return link(there, place_of(to, MAKE, to_place));
}

static int hook_symlink(const char *target, const char *path) {
  char place[PATH_MAX];
  return symlink(target, place_of(path, MAKE, place));
}

static int hook_mkdirat(int folder, const char *path, mode_t mode) {
  return is_apart_at(folder, path) ? mkdirat(folder, path, mode) : led_mkdir(path, mode);
}

static int hook_truncate(const char *path, off_t length) {
  char place[PATH_MAX];
  return truncate(place_of(path, CHANGE, place), length);
}

static int hook_chmod(const char *path, mode_t mode) {
  char place[PATH_MAX];
  return chmod(place_of(path, CHANGE, place), mode);
}

static int hook_chown(const char *path, uid_t owner, gid_t group) {
  char place[PATH_MAX];
  return chown(place_of(path, CHANGE, place), owner, group);
}

static int hook_lchown(const char *path, uid_t owner, gid_t group) {
  char place[PATH_MAX];
  return lchown(place_of(path, CHANGE, place), owner, group);
}

static int hook_utime(const char *path, const struct utimbuf *times) {
  char place[PATH_MAX];
  return utime(place_of(path, CHANGE, place), times);
}

static int hook_utimes(const char *path, const struct timeval times[2]) {
  char place[PATH_MAX];
  return utimes(place_of(path, CHANGE, place), times);
}

static int hook_utimensat(int folder, const char *path, const struct timespec times[2], int flags) {
  char place[PATH_MAX];
  return utimensat(folder, is_apart_at(folder, path) ? path : place_of(path, CHANGE, place), times, flags);
}

static DIR *hook_opendir(const char *path) {
  char place[PATH_MAX];
  return opendir(place_of(path, LIST, place));
}

static int hook_scandir(const char *path, struct dirent ***list, int (*chosen)(const struct dirent *),
                        int (*order)(const struct dirent **, const struct dirent **)) {
  char place[PATH_MAX];
  return scandir(place_of(path, LIST, place), list, chosen, order);
}

static char *hook_realpath(const char *path, char *out) {
  char place[PATH_MAX], found[PATH_MAX];
  const char *there = path ? place_of(path, LOOK, place) : path;
  if (there == path) return realpath(path, out);
  if (!realpath(there, found)) return NULL;
  return out ? strcpy(out, known_as(found)) : strdup(known_as(found));
}

/* The name is chosen in the place, and told in the template. */
static void tell_template(char *template, const char *place) {
  size_t told = strlen(template), all = strlen(place);
  const char *slash = strrchr(template, '/');
  size_t name = slash ? told - (size_t)(slash + 1 - template) : told;
  memcpy(template + told - name, place + all - name, name);
}

static int hook_mkostemps(char *template, int end, int flags) {
  char place[PATH_MAX];
  if (place_of_new(template, place) == template) {
    int fd = mkostemps(template, end, flags);
    if (fd >= 0) was_made(template);
    return fd;
  }
  int fd = mkostemps(place, end, flags);
  if (fd >= 0) tell_template(template, place);
  return fd;
}

static int hook_mkstemp(char *template) {
  return hook_mkostemps(template, 0, 0);
}

static int hook_mkostemp(char *template, int flags) {
  return hook_mkostemps(template, 0, flags);
}

static int hook_mkstemps(char *template, int end) {
  return hook_mkostemps(template, end, 0);
}

static char *hook_mkdtemp(char *template) {
  char place[PATH_MAX];
  if (place_of_new(template, place) == template) {
    char *made = mkdtemp(template);
    if (made) was_made(made);
    return made;
  }
  if (!mkdtemp(place)) return NULL;
  tell_template(template, place);
  return template;
}

static void *hook_dlopen(const char *file, int flags) {
  void *library = dlopen(file, flags);
  if (library) lead_loaded(true);
  return library;
}

static void *hook_dlsym(void *library, const char *name) {
  void *found = dlsym(library, name);
  function hook = found && library == RTLD_DEFAULT ? hook_of(name) : NULL;
  return hook ? (void *)(uintptr_t)hook : found;
}

static const struct {
  const char *name;
  function hook;
} HOOKS[] = {
#define HOOK(name, hook) {name, (function)hook}
    HOOK("open", hook_open),
    HOOK("open64", hook_open),
    HOOK("__open_2", hook_open_2),
    HOOK("__open64_2", hook_open_2),
    HOOK("openat", hook_openat),
    HOOK("openat64", hook_openat),
    HOOK("__openat_2", hook_openat_2),
    HOOK("__openat64_2", hook_openat_2),
    HOOK("creat", hook_creat),
    HOOK("creat64", hook_creat),
    HOOK("fopen", hook_fopen),
    HOOK("fopen64", hook_fopen),
    HOOK("freopen", hook_freopen),
    HOOK("freopen64", hook_freopen),
    HOOK("stat", led_stat),
    HOOK("stat64", led_stat),
    HOOK("lstat", led_lstat),
    HOOK("lstat64", led_lstat),
    HOOK("__xstat", hook_xstat),
    HOOK("__xstat64", hook_xstat),
    HOOK("__lxstat", hook_lxstat),
    HOOK("__lxstat64", hook_lxstat),
    HOOK("fstatat", hook_fstatat),
    HOOK("fstatat64", hook_fstatat),
    HOOK("__fxstatat", hook_fxstatat),
    HOOK("__fxstatat64", hook_fxstatat),
    HOOK("statx", hook_statx),
    HOOK("access", led_access),
    HOOK("euidaccess", led_access),
    HOOK("faccessat", hook_faccessat),
    HOOK("unlink", led_unlink),
    HOOK("unlinkat", hook_unlinkat),
    HOOK("remove", hook_remove),
    HOOK("rename", hook_rename),
    HOOK("renameat", hook_renameat),
    HOOK("renameat2", hook_renameat2),
    HOOK("link", hook_link),
    HOOK("symlink", hook_symlink),
    HOOK("mkdir", led_mkdir),
    HOOK("mkdirat", hook_mkdirat),
    HOOK("rmdir", led_rmdir),
    HOOK("truncate", hook_truncate),
    HOOK("truncate64", hook_truncate),
    HOOK("chmod", hook_chmod),
    HOOK("chown", hook_chown),
    HOOK("lchown", hook_lchown),
    HOOK("utime", hook_utime),
    HOOK("utimes", hook_utimes),
    HOOK("utimensat", hook_utimensat),
    HOOK("opendir", hook_opendir),
    HOOK("scandir", hook_scandir),
    HOOK("scandir64", hook_scandir),
    HOOK("readlink", led_readlink),
    HOOK("realpath", hook_realpath),
    HOOK("getcwd", led_getcwd),
    HOOK("mkstemp", hook_mkstemp),
    HOOK("mkstemp64", hook_mkstemp),
    HOOK("mkstemps", hook_mkstemps),
    HOOK("mkstemps64", hook_mkstemps),
    HOOK("mkostemp", hook_mkostemp),
    HOOK("mkostemp64", hook_mkostemp),
    HOOK("mkostemps", hook_mkostemps),
    HOOK("mkostemps64", hook_mkostemps),
    HOOK("mkdtemp", hook_mkdtemp),
    HOOK("dlopen", hook_dlopen),
    HOOK("dlsym", hook_dlsym),
};

function hook_of(const char *name) {
  for (size_t i = 0; i < sizeof HOOKS / sizeof *HOOKS; i++)
    if (strcmp(HOOKS[i].name, name) == 0) return HOOKS[i].hook;
  return NULL;
}

#endif
