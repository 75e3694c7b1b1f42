/*
 * Addons of tools that make system calls themselves, without libc: those that look for files come to a handler, which makes
 * them where native-sources.c says. The filter asks from where a call is made, so that it holds for no other code, nor for
 * programs that the process starts.
 */
#define _GNU_SOURCE
#include "native-files.h"
#include "native-paths.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#ifndef SYS_SECCOMP
#define SYS_SECCOMP 1
#endif

#ifdef __x86_64__
#define MACHINE AUDIT_ARCH_X86_64
#define RESULT(context) (context)->uc_mcontext.gregs[REG_RAX]
#define ARGUMENT(context, n) (context)->uc_mcontext.gregs[((const int[]){REG_RDI, REG_RSI, REG_RDX, REG_R10, REG_R8, REG_R9})[n]]
#else
#define MACHINE AUDIT_ARCH_AARCH64
#define RESULT(context) (context)->uc_mcontext.regs[0]
#define ARGUMENT(context, n) (context)->uc_mcontext.regs[n]
#endif

/* Calls with a folder first, and then a path. */
static const int CALLS[] = {SYS_statx, SYS_openat, SYS_newfstatat, SYS_readlinkat, SYS_faccessat, SYS_faccessat2};
#define COUNT (sizeof CALLS / sizeof *CALLS)

static bool is_handled = false;
/* What is done with a signal that somebody sends. */
static struct sigaction before;

static void make_call(int signal, siginfo_t *info, void *data) {
  ucontext_t *context = data;
  if (info->si_code != SYS_SECCOMP) {
    if (before.sa_flags & SA_SIGINFO) before.sa_sigaction(signal, info, data);
    else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) before.sa_handler(signal);
    return;
  }
  int error = errno;
  char place[PATH_MAX];
  const char *path = (const char *)ARGUMENT(context, 1);
  bool is_read = info->si_syscall != SYS_openat || (ARGUMENT(context, 2) & (O_ACCMODE | O_CREAT | O_TRUNC)) == O_RDONLY;
  bool is_whole = path && (*path == '/' || (int)ARGUMENT(context, 0) == AT_FDCWD);
  const char *found = is_read && is_whole && *path ? source_of(path, place) : NULL;
  long result = syscall(info->si_syscall, ARGUMENT(context, 0), found ? found : path, ARGUMENT(context, 2), ARGUMENT(context, 3),
                        ARGUMENT(context, 4), ARGUMENT(context, 5));
  RESULT(context) = (unsigned long)(result < 0 ? -errno : result);
  errno = error;
}

/* Who listens to all signals, as tools do that tidy up at their end, does not take the handler's place. */
int kept_sigaction(int signal, const struct sigaction *action, struct sigaction *old) {
  if (signal != SIGSYS || !is_handled) return sigaction(signal, action, old);
  if (old) *old = before;
  if (action) before = *action;
  return 0;
}

#define LOW(address) ((uint32_t)(address))
#define HIGH(address) ((uint32_t)((uint64_t)(address) >> 32))
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))

/* Code from `from` to `end`, which lie within the same 4 GB. */
void trap_calls(uintptr_t from, uintptr_t end) {
  if (HIGH(from) != HIGH(end)) return;
  struct sigaction action = {.sa_sigaction = make_call, .sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESTART | SA_ONSTACK};
  if (!is_handled && sigaction(SIGSYS, &action, &before) != 0) return;
  is_handled = true;
  const struct sock_filter first[] = {
      LOAD(arch),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer) + 4),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, HIGH(from), 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      LOAD(instruction_pointer),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, LOW(from), 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, LOW(end), 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      LOAD(nr),
  };
  enum { FIRST = sizeof first / sizeof *first };
  struct sock_filter all[FIRST + COUNT + 2];
  for (size_t i = 0; i < FIRST; i++) all[i] = first[i];
  for (size_t i = 0; i < COUNT; i++)
    all[FIRST + i] =
        (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)CALLS[i], (unsigned char)(COUNT - i), 0);
  all[FIRST + COUNT] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  all[FIRST + COUNT + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
  struct sock_fprog program = {.len = FIRST + COUNT + 2, .filter = all};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
}

#else

int kept_sigaction(int signal, const struct sigaction *action, struct sigaction *old) {
  return sigaction(signal, action, old);
}

void trap_calls(uintptr_t from, uintptr_t end) {
  (void)from;
  (void)end;
}

#endif
