/*
 * A light recording that is executed again without files that its code was loaded from, on Linux: Node looks for the manifest of
 * the package in whose folder it runs before it runs any code of ours, and from 24 on it remembers that there was none. So the
 * helper is loaded ahead of it (LD_PRELOAD), and leads it from the start. What is not Node hands both variables on.
 */
#define _GNU_SOURCE
#include "native-files.h"
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#ifdef __linux__

/* Takes the helper out of the list again: what Node starts is told anew. */
static bool take_out(const char *helper) {
  const char *list = getenv("LD_PRELOAD");
  size_t length = strlen(helper);
  if (!list || strncmp(list, helper, length) != 0) return false;
  const char *rest = list + length;
  if (*rest == '\0') return unsetenv("LD_PRELOAD") == 0;
  if (*rest != ':') return false;
  char *kept = strdup(rest + 1);
  bool is_set = kept && setenv("LD_PRELOAD", kept, 1) == 0;
  free(kept);
  return is_set;
}

__attribute__((constructor)) static void begin_ahead(void) {
  const char *folder = getenv("HINDCAST_SOURCES");
  Dl_info own;
  if (!folder || strlen(folder) >= PATH_MAX || !dlsym(RTLD_DEFAULT, "napi_create_object")) return;
  if (!dladdr((void *)begin_ahead, &own) || !take_out(own.dli_fname)) return;
  strcpy(sources, folder);
  lead_loaded(false);
}

#endif
