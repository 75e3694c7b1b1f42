/* An addon that opens files by itself, in the ways in which addons do. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <node_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LONGEST 4096

/* As tables of system calls hold them. */
static int (*const volatile makes_folder)(const char *, mode_t) = mkdir;

static int texts(napi_env env, napi_callback_info info, char out[2][LONGEST]) {
  size_t count = 2, length;
  napi_value given[2];
  napi_get_cb_info(env, info, &count, given, NULL, NULL);
  for (size_t i = 0; i < 2 && i < count; i++) napi_get_value_string_utf8(env, given[i], out[i], LONGEST, &length);
  return (int)count;
}

static napi_value answer(napi_env env, const char *text) {
  napi_value value;
  napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value);
  return value;
}

static napi_value done(napi_env env, int result) {
  if (result != 0) napi_throw_error(env, NULL, "it failed");
  return NULL;
}

static napi_value read_file(napi_env env, napi_callback_info info) {
  char given[2][LONGEST], text[LONGEST];
  texts(env, info, given);
  int fd = open(given[0], O_RDONLY);
  if (fd < 0) return done(env, 1);
  ssize_t length = read(fd, text, LONGEST - 1);
  close(fd);
  text[length < 0 ? 0 : length] = '\0';
  return answer(env, text);
}

static napi_value append(napi_env env, napi_callback_info info) {
  char given[2][LONGEST];
  texts(env, info, given);
  FILE *file = fopen(given[0], "a");
  if (!file) return done(env, 1);
  fputs(given[1], file);
  return done(env, fclose(file));
}

static napi_value replace(napi_env env, napi_callback_info info) {
  char given[2][LONGEST], draft[LONGEST + 8];
  texts(env, info, given);
  snprintf(draft, sizeof draft, "%s.XXXXXX", given[0]);
  int fd = mkstemp(draft);
  if (fd < 0) return done(env, 1);
  if (write(fd, given[1], strlen(given[1])) < 0) return done(env, 1);
  close(fd);
  return done(env, rename(draft, given[0]));
}

static napi_value take_away(napi_env env, napi_callback_info info) {
  char given[2][LONGEST];
  texts(env, info, given);
  return done(env, unlink(given[0]));
}

static napi_value make_folder(napi_env env, napi_callback_info info) {
  char given[2][LONGEST];
  texts(env, info, given);
  return done(env, makes_folder(given[0], 0777));
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static napi_value list(napi_env env, napi_callback_info info) {
  char given[2][LONGEST], all[LONGEST] = "", *names[64];
  int count = 0;
  texts(env, info, given);
  DIR *folder = opendir(given[0]);
  if (!folder) return done(env, 1);
  for (struct dirent *entry; count < 64 && (entry = readdir(folder));)
    if (entry->d_name[0] != '.') names[count++] = strdup(entry->d_name);
  closedir(folder);
  qsort(names, (size_t)count, sizeof *names, by_name);
  for (int i = 0; i < count; i++) {
    if (i > 0) strcat(all, ",");
    strcat(all, names[i]);
    free(names[i]);
  }
  return answer(env, all);
}

static napi_value size(napi_env env, napi_callback_info info) {
  char given[2][LONGEST];
  struct stat status;
  napi_value value;
  texts(env, info, given);
  int64_t bytes = stat(given[0], &status) == 0 ? (int64_t)status.st_size : -1;
  napi_create_int64(env, bytes, &value);
  return value;
}

NAPI_MODULE_INIT() {
  const napi_property_descriptor all[] = {
      {"read", NULL, read_file, NULL, NULL, NULL, napi_enumerable, NULL},
      {"append", NULL, append, NULL, NULL, NULL, napi_enumerable, NULL},
      {"replace", NULL, replace, NULL, NULL, NULL, napi_enumerable, NULL},
      {"remove", NULL, take_away, NULL, NULL, NULL, napi_enumerable, NULL},
      {"mkdir", NULL, make_folder, NULL, NULL, NULL, napi_enumerable, NULL},
      {"list", NULL, list, NULL, NULL, NULL, napi_enumerable, NULL},
      {"size", NULL, size, NULL, NULL, NULL, napi_enumerable, NULL},
  };
  napi_define_properties(env, exports, sizeof all / sizeof *all, all);
  return exports;
}
