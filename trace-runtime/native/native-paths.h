/* Paths and copies of files that native code gets at. */
#ifndef HINDCAST_NATIVE_PATHS_H
#define HINDCAST_NATIVE_PATHS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

/* Ends the name of a mark that says that something is not there. */
#define GONE ".hindcast-gone"
#define MOST_KEPT_FOLDERS 16

/* Where copies are put until somebody takes them to their place. */
extern char copies[PATH_MAX];
/* The recorded run's folder, where this process is in another one; else empty. */
extern char run_folder[PATH_MAX];
/* Hindcast's own: never led elsewhere. */
extern char kept[MOST_KEPT_FOLDERS][PATH_MAX];
extern int kept_count;

/* FNV-1a. */
uint32_t hash_of(const char *text);

bool begins(const char *path, const char *folder);
/* False where it is empty or too long. */
bool absolute(const char *path, char *out);
/* False where it would be too long: then nothing is there. */
bool within(const char *folder, const char *path, const char *end, char *out);
bool is_in(const char *folder, const char *path, const char *end, struct stat *found);
/* A mark of the path or of a folder around it. */
bool is_marked(const char *marks, const char *path);
void make_folders(const char *path);
/* Devices, and what is Hindcast's or a tool's cache. */
bool is_apart(const char *path);
/* Code, and what packages and the system bring along, is as it is installed, where it is only read. */
bool is_installed(const char *path);
/* A copy in `copies` with the same times and permissions, whose name `out` gets. Regular files alone. */
bool copied(const char *file, char *out, struct stat *status);

#endif
