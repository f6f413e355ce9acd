// Real servers that the tests start, from Debian's packages. Installs what is missing, and says so.
import { spawnSync } from 'node:child_process';

const packages = { 'redis-server': 'redis-server', caddy: 'caddy', strace: 'strace', faketime: 'faketime' };
const runs = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).error === undefined;
const missing = Object.entries(packages).filter(([command]) => !runs(command, ['--version']));

if (missing.length > 0) {
  const names = missing.map(([, name]) => name);
  const install = `apt-get install -y --no-install-recommends ${names.join(' ')}`;
  console.log(`The tests need ${names.join(' and ')}: ${install}\n测试需要${names.join('、')}：${install}`);
  const apt = (...args) =>
    spawnSync('apt-get', args, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  apt('update', '-q');
  // No service is left running: the tests start their own on free ports.
  apt('install', '-y', '-q', '--no-install-recommends', '-o', 'Dpkg::Options::=--force-confnew', ...names);
  const still = missing.filter(([command]) => !runs(command, ['--version'])).map(([, name]) => name);
  if (still.length > 0) {
    console.error(`Could not install ${still.join(', ')}. Install it, as root or by your own means, and run again.`);
    process.exit(1);
  }
}
