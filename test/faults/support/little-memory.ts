import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * Leaves a process that runs hardly any memory but what it has.
 *
 *   cgroup          the kernel kills it at once, as it does in a container: SIGKILL. Needs a memory controller (v2 or v1)
 *                   that this user may write, as root has it in a machine or a privileged container
 *   address space   the kernel refuses it memory, and the runtime aborts. Works for everybody
 */
export const means = ['cgroup', 'address space'] as const;
export type Means = (typeof means)[number];

/** Where a group can be made, and its files: the memory that may be used, and who is in it. */
const controllers = [
  { root: '/sys/fs/cgroup', has: 'cgroup.controllers', most: 'memory.max' },
  { root: '/sys/fs/cgroup/memory', has: 'memory.limit_in_bytes', most: 'memory.limit_in_bytes' },
];

function groupOf(): { readonly folder: string; readonly most: string } | undefined {
  for (const { root, has, most } of controllers) {
    if (!existsSync(join(root, has))) continue;
    const folder = join(root, `wuji-test-${process.pid}-${Date.now()}`);
    try {
      mkdirSync(folder);
    } catch {
      continue;
    }
    if (existsSync(join(folder, most))) return { folder, most };
    rmdirSync(folder);
  }
  return undefined;
}

/** `undefined`: this machine has not these means. */
export function leaveMemory(how: Means, pid: number): 'left' | undefined {
  if (how === 'address space') {
    const [, size] = /^VmSize:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    const most = Number(size) * 1_024;
    execFileSync('prlimit', ['--pid', String(pid), `--as=${most}:${most}`]);
    return 'left';
  }
  const group = groupOf();
  if (!group) return undefined;
  onTestFinished(() => rmdirSync(group.folder));
  writeFileSync(join(group.folder, group.most), String(4_194_304));
  writeFileSync(join(group.folder, 'cgroup.procs'), String(pid));
  return 'left';
}
