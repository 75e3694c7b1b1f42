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

static void lead_relocations(const struct library *library, const ElfW(Rela) *each, size_t bytes) {
  for (const ElfW(Rela) *end = each + bytes / sizeof *each; each && each < end; each++) {
    const ElfW(Sym) *symbol = &library->symbols[ELF64_R_SYM(each->r_info)];
    if (!is_address((uint32_t)ELF64_R_TYPE(each->r_info)) || symbol->st_shndx != SHN_UNDEF) continue;
    function hook = hook_of(library->names + symbol->st_name);
    if (hook) set_address(library, (function *)(library->base + each->r_offset), hook);
  }
}

static void lead_library(const struct dl_phdr_info *info) {
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
  lead_relocations(&library, data, data_bytes);
  lead_relocations(&library, calls, calls_bytes);
}

/* Libraries that were looked at. A thread that ends unloads its addons; another may then lie where one lay, or the same again. */
#define MOST_LIBRARIES 4096
static struct {
  uintptr_t base;
  uint32_t name;
  bool is_led;
} looked_at[MOST_LIBRARIES];
static size_t looked_at_count = 0;

/* Whether the library is to be led now: it is new, or was led where it lay before. */
static bool is_to_lead(uintptr_t base, uint32_t name, bool do_lead) {
  size_t i = 0;
  while (i < looked_at_count && looked_at[i].base != base) i++;
  if (i == MOST_LIBRARIES) return do_lead;
  if (i < looked_at_count && looked_at[i].name == name) return looked_at[i].is_led;
  if (i == looked_at_count) looked_at_count++;
  looked_at[i].base = base;
  looked_at[i].name = name;
  looked_at[i].is_led = do_lead;
  return do_lead;
}

/* The C++ library opens files for addons, and is there before them. */
static bool is_of_addons(const char *name) {
  return strstr(name, "/libstdc++.so") || strstr(name, "/libc++.so");
}

static int each_library(struct dl_phdr_info *info, size_t size, void *data) {
  (void)size;
  bool do_lead = *(const bool *)data;
  bool is_own = is_to_lead(info->dlpi_addr, hash_of(info->dlpi_name), do_lead);
  if (is_own || (do_lead && is_of_addons(info->dlpi_name))) lead_library(info);
  return 0;
}

bool lead_loaded(bool do_lead) {
  dl_iterate_phdr(each_library, &do_lead);
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
