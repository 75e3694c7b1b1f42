/*
 * Where the files are that native code opens by itself, such as a database's. In a recorded run what they held is copied
 * before they are opened for the first time; in a rerun they are those of the overlay (boundary/serve/overlay.ts), below
 * that what was recorded, and the real ones are never changed. Any thread may ask.
 */
#define _GNU_SOURCE
#include "native-files.h"
#include "native-paths.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Larger ones are not copied while a program is recorded: a rerun says so. */
#define LARGEST (256 << 20)

static enum { OFF, WATCHING, LEADING } mode = OFF;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/* LEADING: the overlay, marks of what was removed, what was recorded, marks of what was not there, what is doubtful */
static char overlay[PATH_MAX], gone[PATH_MAX], recorded[PATH_MAX], absent[PATH_MAX], doubts[PATH_MAX];

/* What a recorded run has met, until it is taken. */
struct met {
  struct met *next;
  char *path;
  const char *kind;
  char *copy;
  unsigned permissions;
  double changed, at;
};
static struct met *first_met = NULL, **last_met = &first_met;
static atomic_int met_count = 0;

/* Paths that are known already. */
enum known { UNKNOWN, KNOWN_ABSENT, KNOWN };
struct known_path {
  struct known_path *next;
  enum known known;
  char path[];
};
#define BUCKETS 1024
static struct known_path *buckets[BUCKETS];

/* ── a recorded run ── */

static struct known_path *known_path(const char *path) {
  struct known_path **bucket = &buckets[hash_of(path) % BUCKETS];
  for (struct known_path *each = *bucket; each; each = each->next)
    if (strcmp(each->path, path) == 0) return each;
  struct known_path *fresh = malloc(sizeof *fresh + strlen(path) + 1);
  if (!fresh) return NULL;
  strcpy(fresh->path, path);
  fresh->known = UNKNOWN;
  fresh->next = *bucket;
  return *bucket = fresh;
}

static void meet(const char *path, const char *kind, const char *copy, const struct stat *status) {
  struct met *met = calloc(1, sizeof *met);
  if (!met) return;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  met->path = strdup(path);
  met->kind = kind;
  met->copy = copy ? strdup(copy) : NULL;
  met->at = (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
  if (status) {
    met->permissions = status->st_mode & 07777;
#ifdef __APPLE__
    met->changed = (double)status->st_mtimespec.tv_sec * 1e3 + (double)status->st_mtimespec.tv_nsec / 1e6;
#else
    met->changed = (double)status->st_mtim.tv_sec * 1e3 + (double)status->st_mtim.tv_nsec / 1e6;
#endif
  }
  *last_met = met;
  last_met = &met->next;
  atomic_fetch_add(&met_count, 1);
}

static void watch(const char *path, enum aim aim) {
  struct known_path *known = known_path(path);
  if (!known || known->known == KNOWN) return;
  struct stat status;
  if (stat(path, &status) != 0) {
    if (errno != ENOENT && errno != ENOTDIR) return;
    if (known->known == UNKNOWN) {
      char folder[PATH_MAX];
      strcpy(folder, path);
      char *slash = strrchr(folder, '/');
      if (slash != folder) *slash = '\0';
      meet(path, stat(folder, &status) == 0 ? "absent" : "nowhere", NULL, NULL);
    }
    known->known = KNOWN_ABSENT;
    if (aim < MAKE) return;
    meet(path, "made", NULL, NULL);
    known->known = KNOWN;
    return;
  }
  if (aim == LOOK) return;
  known->known = KNOWN;
  if (S_ISDIR(status.st_mode)) {
    meet(path, "folder", NULL, &status);
    return;
  }
  if (!S_ISREG(status.st_mode)) return;
  char copy[PATH_MAX];
  if (status.st_size > LARGEST) meet(path, "large", NULL, &status);
  else if (copied(path, copy, &status)) meet(path, "file", copy, &status);
}

static void watch_folder(const char *path) {
  DIR *folder = opendir(path);
  if (!folder) return;
  char each[PATH_MAX];
  for (struct dirent *entry; (entry = readdir(folder));)
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
        snprintf(each, sizeof each, "%s/%s", path, entry->d_name) < PATH_MAX)
      watch(each, READ);
  closedir(folder);
}

/* Journals of a database, which are read only where they are there. What processes share in memory begins anew. */
static void watch_companions(const char *path) {
  static const char *const ends[] = {"-journal", "-wal"};
  char each[PATH_MAX];
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
    if (within("", path, ends[i], each)) watch(each, READ);
  struct known_path *shared = within("", path, "-shm", each) ? known_path(each) : NULL;
  if (!shared || shared->known != UNKNOWN) return;
  shared->known = KNOWN;
  meet(each, "absent", NULL, NULL);
}

/* ── a rerun ── */

static void doubt(const char *path) {
  char line[2 * PATH_MAX];
  int length = snprintf(line, sizeof line, "%s\n", path);
  int fd = open(doubts, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return;
  if (length > 0 && write(fd, line, (size_t)length) < 0) errno = 0;
  close(fd);
}

static bool is_regular(const char *path) {
  struct stat status;
  return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* Whoever puts it there first has put it there for all. */
static void put(const char *from, const char *place) {
  char copy[PATH_MAX];
  struct stat status;
  make_folders(place);
  if (!copied(from, copy, &status)) return;
  if (link(copy, place) != 0 && errno != EEXIST) rename(copy, place);
  else unlink(copy);
}

/* A folder that was not there at first is there for what was found in it later. */
static bool was_there(const char *path, struct stat *status) {
  if (!is_in(recorded, path, "", status)) return false;
  return !S_ISDIR(status->st_mode) || !is_in(absent, path, GONE, NULL);
}

static bool is_there(const char *path) {
  struct stat status;
  if (is_in(overlay, path, "", NULL)) return true;
  if (is_marked(gone, path)) return false;
  if (was_there(path, &status)) return true;
  return !is_marked(absent, path) && lstat(path, &status) == 0;
}

/* A file that was to be made there was looked for in a folder. */
static bool has_folder(const char *path) {
  char folder[PATH_MAX];
  strcpy(folder, path);
  char *slash = strrchr(folder, '/');
  if (slash == folder) return true;
  *slash = '\0';
  if (is_there(folder)) return true;
  return is_in(absent, path, GONE, NULL) && !is_marked(absent, folder) && !is_marked(gone, folder);
}

static void clear_mark(const char *path) {
  char mark[PATH_MAX];
  if (within(gone, path, GONE, mark)) unlink(mark);
}

/* What is in a folder besides what the overlay has of it already. */
static void put_entries(const char *from, const char *path) {
  DIR *folder = opendir(from);
  if (!folder) return;
  char each[PATH_MAX], source[PATH_MAX], place[PATH_MAX];
  for (struct dirent *entry; (entry = readdir(folder));) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    if (snprintf(each, sizeof each, "%s/%s", path, entry->d_name) >= PATH_MAX || !within(overlay, each, "", place)) continue;
    if (snprintf(source, sizeof source, "%s/%s", from, entry->d_name) >= PATH_MAX) continue;
    if (is_in(overlay, each, "", NULL) || is_marked(gone, each)) continue;
    struct stat status;
    if (stat(source, &status) != 0) continue;
    make_folders(place);
    if (S_ISDIR(status.st_mode)) mkdir(place, 0777);
    else put(source, place);
  }
  closedir(folder);
}

static const char *listed(const char *path, char *place) {
  char held[PATH_MAX];
  struct stat status;
  bool is_made = is_in(overlay, path, "", NULL), is_gone = is_marked(gone, path);
  bool was = within(recorded, path, "", held) && was_there(path, &status);
  if (!was && !is_made && !is_gone && !is_marked(absent, path)) {
    if (!is_installed(path)) doubt(path);
    return NULL;
  }
  if (!is_gone && was) {
    make_folders(place);
    mkdir(place, 0777);
    put_entries(held, path);
  } else if (!is_gone && !is_marked(absent, path)) {
    DIR *real = opendir(path);
    if (real) {
      closedir(real);
      doubt(path);
      put_entries(path, path);
    }
  }
  return place;
}

/* NULL: the path as it is. */
static const char *led(const char *path, enum aim aim, char *place) {
  char held[PATH_MAX];
  struct stat status;
  if (!within(overlay, path, "", place)) return NULL;
  if (aim == LIST) return listed(path, place);
  if (aim != FOLDER && is_in(overlay, path, "", NULL)) return place;
  bool is_gone = is_marked(gone, path);
  bool was = !is_gone && within(recorded, path, "", held) && was_there(path, &status);
  if (aim <= READ) {
    if (is_gone) return place;
    if (was) return strcpy(place, held);
    if (is_marked(absent, path)) return place;
    if (aim == READ && !is_installed(path) && is_regular(path)) doubt(path);
    return NULL;
  }
  if (aim == CHANGE && !is_there(path)) return place;
  if (aim > CHANGE && !has_folder(path)) return place;
  make_folders(place);
  if (aim == FOLDER && is_there(path)) {
    mkdir(place, 0777);
    return place;
  }
  bool is_kept = aim != REPLACE && aim != FOLDER && !is_gone;
  if (is_kept && was) {
    if (S_ISDIR(status.st_mode)) mkdir(place, 0777);
    else put(held, place);
  } else if (is_kept && !is_marked(absent, path) && stat(path, &status) == 0) {
    if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) return NULL;
    doubt(path);
    if (S_ISDIR(status.st_mode)) mkdir(place, 0777);
    else put(path, place);
  }
  clear_mark(path);
  return place;
}

const char *place_of(const char *path, enum aim aim, char *place) {
  char whole[PATH_MAX];
  if (mode == OFF) return path;
  int error = errno;
  const char *found = NULL;
  if (absolute(path, whole) && !is_apart(whole)) {
    pthread_mutex_lock(&lock);
    if (mode == LEADING) {
      found = led(whole, aim, place);
    } else if ((aim != READ && aim != LIST && aim != LOOK) || !is_installed(whole)) {
      watch(whole, aim);
      if (aim == LIST) watch_folder(whole);
      if (aim == READ || aim == CHANGE || aim == MAKE) watch_companions(whole);
    }
    pthread_mutex_unlock(&lock);
    if (!found && mode == LEADING && aim <= LIST) found = source_of(whole, place);
    /* elsewhere than in the folder of the process */
    if (!found && mode == LEADING && run_folder[0] && *path != '/') found = strcpy(place, whole);
  }
  errno = error;
  return found ? found : path;
}

const char *place_of_new(const char *path, char *place) {
  return mode == LEADING ? place_of(path, MAKE, place) : path;
}

void was_made(const char *path) {
  char whole[PATH_MAX];
  if (mode != WATCHING || !absolute(path, whole) || is_apart(whole)) return;
  pthread_mutex_lock(&lock);
  struct known_path *known = known_path(whole);
  if (known && known->known == UNKNOWN) {
    meet(whole, "absent", NULL, NULL);
    meet(whole, "made", NULL, NULL);
    known->known = KNOWN;
  }
  pthread_mutex_unlock(&lock);
}

void was_removed(const char *path) {
  char whole[PATH_MAX], mark[PATH_MAX];
  if (mode != LEADING || !absolute(path, whole) || is_apart(whole) || !within(gone, whole, GONE, mark)) return;
  int error = errno;
  make_folders(mark);
  int fd = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd >= 0) close(fd);
  errno = error;
}

const char *known_as(const char *place) {
  if (sources[0] && begins(place, sources)) return place + strlen(sources);
  if (mode != LEADING) return place;
  if (begins(place, overlay)) return place + strlen(overlay);
  return begins(place, recorded) ? place + strlen(recorded) : place;
}

const char *folder_of_run(void) {
  return mode == LEADING && run_folder[0] ? run_folder : NULL;
}

/* ── for JavaScript ── */

static bool text_of(napi_env env, napi_value object, const char *name, char *out) {
  napi_value value;
  napi_valuetype type;
  size_t length;
  out[0] = '\0';
  return napi_get_named_property(env, object, name, &value) == napi_ok && napi_typeof(env, value, &type) == napi_ok &&
         type == napi_string && napi_get_value_string_utf8(env, value, out, PATH_MAX, &length) == napi_ok;
}

static void keep_folders(napi_env env, napi_value options) {
  napi_value list, each;
  uint32_t count = 0;
  size_t length;
  if (napi_get_named_property(env, options, "own", &list) != napi_ok || napi_get_array_length(env, list, &count) != napi_ok)
    return;
  for (kept_count = 0; kept_count < MOST_KEPT_FOLDERS && (uint32_t)kept_count < count; kept_count++)
    if (napi_get_element(env, list, (uint32_t)kept_count, &each) != napi_ok ||
        napi_get_value_string_utf8(env, each, kept[kept_count], PATH_MAX, &length) != napi_ok)
      break;
}

static napi_value options_of(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value options;
  return napi_get_cb_info(env, info, &count, &options, NULL, NULL) == napi_ok && count == 1 ? options : NULL;
}

static napi_value watch_files(napi_env env, napi_callback_info info) {
  napi_value options = options_of(env, info);
  if (!options || mode != OFF) return NULL;
  if (!text_of(env, options, "copies", copies)) return NULL;
  keep_folders(env, options);
  mode = WATCHING;
  return NULL;
}

static napi_value lead_files(napi_env env, napi_callback_info info) {
  napi_value options = options_of(env, info);
  if (!options || mode != OFF) return NULL;
  if (!text_of(env, options, "overlay", overlay) || !text_of(env, options, "gone", gone) ||
      !text_of(env, options, "doubts", doubts) || !text_of(env, options, "copies", copies))
    return NULL;
  text_of(env, options, "recorded", recorded);
  text_of(env, options, "absent", absent);
  text_of(env, options, "sources", sources);
  text_of(env, options, "folder", run_folder);
  keep_folders(env, options);
  mode = LEADING;
  return NULL;
}

static void set_text(napi_env env, napi_value object, const char *name, const char *text) {
  napi_value value;
  if (text && napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value) == napi_ok)
    napi_set_named_property(env, object, name, value);
}

static void set_number(napi_env env, napi_value object, const char *name, double number) {
  napi_value value;
  if (napi_create_double(env, number, &value) == napi_ok) napi_set_named_property(env, object, name, value);
}

static napi_value take_files(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value list;
  if (atomic_load(&met_count) == 0 || napi_create_array(env, &list) != napi_ok) return NULL;
  pthread_mutex_lock(&lock);
  struct met *each = first_met;
  first_met = NULL;
  last_met = &first_met;
  atomic_store(&met_count, 0);
  pthread_mutex_unlock(&lock);
  for (uint32_t index = 0; each; index++) {
    napi_value object;
    if (napi_create_object(env, &object) == napi_ok) {
      set_text(env, object, "path", each->path);
      set_text(env, object, "kind", each->kind);
      set_text(env, object, "copy", each->copy);
      set_number(env, object, "at", each->at);
      set_number(env, object, "changed", each->changed);
      set_number(env, object, "permissions", each->permissions);
      napi_set_element(env, list, index, object);
    }
    struct met *next = each->next;
    free(each->path);
    free(each->copy);
    free(each);
    each = next;
  }
  return list;
}

static napi_value lead(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument, result;
  bool do_lead = true;
  if (napi_get_cb_info(env, info, &count, &argument, NULL, NULL) == napi_ok && count == 1)
    napi_get_value_bool(env, argument, &do_lead);
  return napi_get_boolean(env, lead_loaded(do_lead), &result) == napi_ok ? result : NULL;
}

napi_status export_native_files(napi_env env, napi_value exports) {
  napi_property_descriptor all[] = {
      {"watchFiles", NULL, watch_files, NULL, NULL, NULL, napi_enumerable, NULL},
      {"leadFiles", NULL, lead_files, NULL, NULL, NULL, napi_enumerable, NULL},
      {"takeFiles", NULL, take_files, NULL, NULL, NULL, napi_enumerable, NULL},
      {"lead", NULL, lead, NULL, NULL, NULL, napi_enumerable, NULL},
  };
  return napi_define_properties(env, exports, sizeof all / sizeof *all, all);
}
