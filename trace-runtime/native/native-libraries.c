/*
 * Addons and the libraries that come with them: the addresses that the dynamic linker has filled in for libc's functions
 * are replaced by those of native-calls.c.
 */
#define _GNU_SOURCE
#include "native-files.h"
#include "native-paths.h"
#ifdef __linux__
#include <elf.h>
#include <link.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__x86_64__)
static bool is_address(uint32_t type) {
  return type == R_X86_64_JUMP_SLOT || type == R_X86_64_GLOB_DAT || type == R_X86_64_64;
}
#elif defined(__aarch64__)
static bool is_address(uint32_t type) {
  return type == R_AARCH64_JUMP_SLOT || type == R_AARCH64_GLOB_DAT || type == R_AARCH64_ABS64;
}
#else
#define UNKNOWN_MACHINE
#endif

#ifndef UNKNOWN_MACHINE

struct library {
  uintptr_t base;
  const ElfW(Sym) *symbols;
  const char *names;
  uintptr_t sealed, sealed_end;
};

static void set_address(const struct library *library, function *place, function hook) {
  uintptr_t at = (uintptr_t)place;
  if (at < library->sealed || at >= library->sealed_end) {
    *place = hook;
    return;
  }
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), from = at & ~(page - 1);
  if (mprotect((void *)from, page, PROT_READ | PROT_WRITE) != 0) return;
  *place = hook;
  mprotect((void *)from, page, PROT_READ);
}

typedef function hooks(const char *name);

static void lead_relocations(const struct library *library, hooks *hook_of, const ElfW(Rela) *each, size_t bytes) {
  for (const ElfW(Rela) *end = each + bytes / sizeof *each; each && each < end; each++) {
    const ElfW(Sym) *symbol = &library->symbols[ELF64_R_SYM(each->r_info)];
    if (!is_address((uint32_t)ELF64_R_TYPE(each->r_info)) || symbol->st_shndx != SHN_UNDEF) continue;
    function hook = hook_of(library->names + symbol->st_name);
    if (hook) set_address(library, (function *)(library->base + each->r_offset), hook);
  }
}

static void lead_library(const struct dl_phdr_info *info, hooks *hook_of) {
  struct library library = {.base = info->dlpi_addr};
  const ElfW(Dyn) *dynamic = NULL;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = &info->dlpi_phdr[i];
    if (part->p_type == PT_DYNAMIC) dynamic = (const ElfW(Dyn) *)(library.base + part->p_vaddr);
    if (part->p_type == PT_GNU_RELRO) {
      library.sealed = library.base + part->p_vaddr;
      library.sealed_end = library.sealed + part->p_memsz;
    }
  }
  if (!dynamic) return;
  const ElfW(Rela) *data = NULL, *calls = NULL;
  size_t data_bytes = 0, calls_bytes = 0;
  for (; dynamic->d_tag != DT_NULL; dynamic++) {
    uintptr_t value = dynamic->d_un.d_ptr;
    /* glibc has put the base into it, musl not */
    uintptr_t there = value < library.base ? library.base + value : value;
    switch (dynamic->d_tag) {
      case DT_SYMTAB: library.symbols = (const ElfW(Sym) *)there; break;
      case DT_STRTAB: library.names = (const char *)there; break;
      case DT_RELA: data = (const ElfW(Rela) *)there; break;
      case DT_RELASZ: data_bytes = value; break;
      case DT_JMPREL: calls = (const ElfW(Rela) *)there; break;
      case DT_PLTRELSZ: calls_bytes = value; break;
      default: break;
    }
  }
  if (!library.symbols || !library.names) return;
  lead_relocations(&library, hook_of, data, data_bytes);
  lead_relocations(&library, hook_of, calls, calls_bytes);
}

/* What becomes of the calls of a library. */
enum way { LEFT, GIVEN_SOURCES, LED };

/* Libraries that were looked at. A thread that ends unloads its addons; another may then lie where one lay, or the same again. */
#define MOST_LIBRARIES 4096
static struct {
  uintptr_t base;
  uint32_t name;
  enum way way;
} looked_at[MOST_LIBRARIES];
static size_t looked_at_count = 0;

/* `now` where the library is new, else as it was. */
static enum way way_of(uintptr_t base, uint32_t name, enum way now, bool *is_new) {
  size_t i = 0;
  *is_new = false;
  while (i < looked_at_count && looked_at[i].base != base) i++;
  if (i == MOST_LIBRARIES) return now;
  if (i < looked_at_count && looked_at[i].name == name) return looked_at[i].way;
  *is_new = true;
  if (i == looked_at_count) looked_at_count++;
  looked_at[i].base = base;
  looked_at[i].name = name;
  looked_at[i].way = now;
  return now;
}

/* The C++ library opens files for addons, and is there before them. */
static bool is_of_addons(const char *name) {
  return strstr(name, "/libstdc++.so") || strstr(name, "/libc++.so");
}

struct look {
  bool do_lead, is_first;
};

static int each_library(struct dl_phdr_info *info, size_t size, void *data) {
  (void)size;
  const struct look *look = data;
  /* what was there before any addon is the system's, this helper, and Node itself, which has no name */
  enum way now = look->is_first && *info->dlpi_name ? LEFT : GIVEN_SOURCES;
  bool is_new;
  enum way way = way_of(info->dlpi_addr, hash_of(info->dlpi_name), look->do_lead ? LED : now, &is_new);
  if (way == LED || (look->do_lead && is_of_addons(info->dlpi_name))) lead_library(info, hook_of);
  if (way != GIVEN_SOURCES || !sources[0]) return 0;
  lead_library(info, source_hook_of);
  if (!is_new || look->is_first) return 0;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = &info->dlpi_phdr[i];
    uintptr_t from = info->dlpi_addr + part->p_vaddr;
    if (part->p_type == PT_LOAD && part->p_flags & PF_X) trap_calls(from, from + part->p_memsz);
  }
  return 0;
}

bool lead_loaded(bool do_lead) {
  struct look look = {.do_lead = do_lead, .is_first = looked_at_count == 0};
  dl_iterate_phdr(each_library, &look);
  return true;
}

#endif
#endif

#if !defined(__linux__) || defined(UNKNOWN_MACHINE)
bool lead_loaded(bool do_lead) {
  (void)do_lead;
  return false;
}
#endif
