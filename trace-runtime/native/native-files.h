/* Files that native code opens by itself: where they are, and who is led there. */
#ifndef HINDCAST_NATIVE_FILES_H
#define HINDCAST_NATIVE_FILES_H

#include <limits.h>
#include <node_api.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/* What a call is about to do with a path. */
enum aim {
  LOOK,     /* whether it is there, and of what size */
  READ,     /* its content */
  LIST,     /* the entries of a folder */
  CHANGE,   /* its content, which is there */
  MAKE,     /* its content, which may not be there */
  REPLACE,  /* it anew, whatever was there */
  FOLDER    /* it as a new folder */
};

/*
 * The path to make the call on: `path`, or another one, in `place`, of PATH_MAX. In a recorded run it notes what is there
 * before the call. In a rerun it finds it in the overlay, else as it was recorded; what is to be changed is put into the
 * overlay first.
 */
const char *place_of(const char *path, enum aim aim, char *place);
/* As `place_of`, of a new name that the call chooses. */
const char *place_of_new(const char *path, char *place);
/* The call has made it, under a name of its own choice. */
void was_made(const char *path);
/* The call has removed it. */
void was_removed(const char *path);
/* A rerun: the path by which the program knows a place. */
const char *known_as(const char *place);
/* A rerun in another folder than the recorded one: that one. */
const char *folder_of_run(void);

/* A rerun: files that code was loaded from and that are gone or others now, under their paths; else empty. */
extern char sources[PATH_MAX];
/* Where such a file is, in `place`, of PATH_MAX; NULL: it is none. */
const char *source_of(const char *path, char *place);

/* Leads the calls of what was loaded since the last look; without `do_lead` they go on as they are. False where it cannot. */
bool lead_loaded(bool do_lead);

/* libc's calls, led. */
typedef void (*function)(void);
/* Linux: in the place of libc's function of that name; NULL where it is left. */
function hook_of(const char *name);
/* The same for code that only finds what is in `sources`. */
function source_hook_of(const char *name);
/* The same of system calls that this code makes itself. */
void trap_calls(uintptr_t from, uintptr_t end);
struct sigaction;
int kept_sigaction(int signal, const struct sigaction *action, struct sigaction *old);
int led_open(const char *path, int flags, int mode);
int led_access(const char *path, int mode);
int led_stat(const char *path, struct stat *status);
int led_lstat(const char *path, struct stat *status);
int led_unlink(const char *path);
int led_rmdir(const char *path);
int led_mkdir(const char *path, mode_t mode);
ssize_t led_readlink(const char *path, char *out, size_t size);
char *led_getcwd(char *out, size_t size);

napi_status export_native_files(napi_env env, napi_value exports);

#endif
