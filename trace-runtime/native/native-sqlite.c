/*
 * The SQLite that is part of Node: its own interface lets others replace its system calls. This library is loaded as one of
 * its extensions, which is given that interface.
 */
#include "native-files.h"
#include <string.h>

/* As sqlite3.h has it, from its version 3 on. */
struct sqlite3_vfs {
  int version, file_size, longest_path;
  struct sqlite3_vfs *next;
  const char *name;
  void *data;
  void (*of_first_version[12])(void);
  void (*current_time)(void);
  int (*set_call)(struct sqlite3_vfs *vfs, const char *name, function call);
};

/* `find_vfs` stands there in every version of sqlite3ext.h. */
struct sqlite3_api_routines {
  function before[141];
  struct sqlite3_vfs *(*find_vfs)(const char *name);
};

__attribute__((visibility("default"))) int sqlite3_helper_init(void *database, char **message,
                                                             const struct sqlite3_api_routines *api) {
  (void)database;
  (void)message;
  struct sqlite3_vfs *vfs = api->find_vfs(NULL);
  if (!vfs || vfs->version < 3 || strncmp(vfs->name, "unix", 4) != 0) return 1;
  const struct {
    const char *name;
    function call;
  } calls[] = {
      {"open", (function)led_open},     {"access", (function)led_access}, {"getcwd", (function)led_getcwd},
      {"stat", (function)led_stat},     {"lstat", (function)led_lstat},      {"unlink", (function)led_unlink},
      {"mkdir", (function)led_mkdir},   {"rmdir", (function)led_rmdir},      {"readlink", (function)led_readlink},
  };
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
    int status = vfs->set_call(vfs, calls[i].name, calls[i].call);
    if (status != 0 && i == 0) return 1;
  }
  return 0;
}
