#define _GNU_SOURCE
#include "native-paths.h"
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/fs.h>
#include <sys/ioctl.h>
#endif

char copies[PATH_MAX];
char run_folder[PATH_MAX];
char kept[MOST_KEPT_FOLDERS][PATH_MAX];
int kept_count = 0;

uint32_t hash_of(const char *text) {
  uint32_t hash = 2166136261u;
  for (const char *c = text; c && *c; c++) hash = (hash ^ (unsigned char)*c) * 16777619u;
  return hash;
}

bool begins(const char *path, const char *folder) {
  size_t length = strlen(folder);
  return length > 0 && strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

bool absolute(const char *path, char *out) {
  char whole[2 * PATH_MAX];
  if (!path || !*path || strlen(path) >= PATH_MAX) return false;
  if (*path == '/') {
    strcpy(whole, path);
  } else {
    if (run_folder[0]) strcpy(whole, run_folder);
    else if (!getcwd(whole, PATH_MAX)) return false;
    strcat(whole, "/");
    strcat(whole, path);
  }
  size_t length = 0;
  for (char *rest = whole, *part; (part = strsep(&rest, "/"));) {
    if (!*part || strcmp(part, ".") == 0) continue;
    if (strcmp(part, "..") == 0) {
      while (length > 0 && out[--length] != '/') continue;
      continue;
    }
    size_t more = strlen(part);
    if (length + more + 2 >= PATH_MAX) return false;
    out[length++] = '/';
    memcpy(out + length, part, more);
    length += more;
  }
  if (length == 0) out[length++] = '/';
  out[length] = '\0';
  return true;
}

bool within(const char *folder, const char *path, const char *end, char *out) {
  return snprintf(out, PATH_MAX, "%s%s%s", folder, path, end) < PATH_MAX;
}

bool is_in(const char *folder, const char *path, const char *end, struct stat *found) {
  char place[PATH_MAX];
  struct stat ignored;
  return folder[0] && within(folder, path, end, place) && lstat(place, found ? found : &ignored) == 0;
}

bool is_marked(const char *marks, const char *path) {
  char each[PATH_MAX];
  strcpy(each, path);
  for (;;) {
    if (is_in(marks, each, GONE, NULL)) return true;
    char *slash = strrchr(each, '/');
    if (!slash || slash == each) return false;
    *slash = '\0';
  }
}

void make_folders(const char *path) {
  char each[PATH_MAX];
  strcpy(each, path);
  for (char *slash = each; (slash = strchr(slash + 1, '/'));) {
    *slash = '\0';
    mkdir(each, 0777);
    *slash = '/';
  }
}

bool is_apart(const char *path) {
  static const char *const devices[] = {"/dev", "/proc", "/sys"};
  for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
    if (begins(path, devices[i])) return true;
  for (int i = 0; i < kept_count; i++)
    if (begins(path, kept[i])) return true;
  return strstr(path, "/node_modules/.") != NULL;
}

/* Always as it is now: it may be what was edited. */
static bool is_code(const char *path) {
  static const char *const ends[] = {".js",  ".cjs", ".mjs", ".ts",  ".cts",         ".mts",
                                     ".jsx", ".tsx", ".so",  ".node", "/package.json", "/tsconfig.json"};
  size_t length = strlen(path);
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
    size_t end = strlen(ends[i]);
    if (length > end && strcmp(path + length - end, ends[i]) == 0) return true;
  }
  return false;
}

bool is_installed(const char *path) {
  if (is_code(path)) return true;
  static const char *const folders[] = {"/etc", "/lib", "/lib64", "/usr/lib", "/usr/share", "/usr/local/lib", "/usr/local/share"};
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
    if (begins(path, folders[i])) return true;
  return strstr(path, "/node_modules/") != NULL;
}

static bool copy_bytes(int from, int to) {
#ifdef FICLONE
  if (ioctl(to, FICLONE, from) == 0) return true;
#endif
  char bytes[65536];
  for (;;) {
    ssize_t count = read(from, bytes, sizeof bytes);
    if (count == 0) return true;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    for (ssize_t done = 0; done < count;) {
      ssize_t written = write(to, bytes + done, (size_t)(count - done));
      if (written < 0 && errno != EINTR) return false;
      if (written > 0) done += written;
    }
  }
}

bool copied(const char *file, char *out, struct stat *status) {
  static atomic_uint serial = 0;
  int from = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (from < 0) return false;
  bool done = false;
  if (fstat(from, status) == 0 && S_ISREG(status->st_mode) &&
      snprintf(out, PATH_MAX, "%s/%ld-%u", copies, (long)getpid(), atomic_fetch_add(&serial, 1)) < PATH_MAX) {
    mkdir(copies, 0700);
    int to = open(out, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (to >= 0) {
      struct timespec times[2] = {{0, UTIME_OMIT}, {0, UTIME_OMIT}};
#ifdef __APPLE__
      times[1] = status->st_mtimespec;
#else
      times[1] = status->st_mtim;
#endif
      done = copy_bytes(from, to) && futimens(to, times) == 0;
      fchmod(to, (status->st_mode & 07777) | 0600);
      close(to);
      if (!done) unlink(out);
    }
  }
  close(from);
  return done;
}
