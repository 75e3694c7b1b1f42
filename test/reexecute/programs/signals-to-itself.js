// Signals that the process sends to itself and to a child; a clean shutdown in order.
const { spawn } = require('node:child_process');

if (process.argv[2] === 'child') {
  process.on('SIGTERM', () => {
    console.log('child cleans up');
    setTimeout(() => process.exit(4), 5);
  });
  setInterval(() => {}, 1000);
  console.log('child is up');
} else {
  const order = [];
  let running = true;
  process.on('SIGUSR2', (name, number) => order.push(`${name} ${number}`));
  process.once('SIGHUP', () => order.push('reload'));
  process.on('SIGINT', () => {
    order.push('interrupted');
    if (!running) return;
    running = false;
    shutdown();
  });
  const work = setInterval(() => order.push('work'), 4);

  process.kill(process.pid, 'SIGUSR2');
  order.push('sent');
  setTimeout(() => process.kill(process.pid, 'SIGHUP'), 5);
  setTimeout(() => process.kill(process.pid, 'SIGINT'), 15);
  setTimeout(() => process.kill(process.pid, 'SIGINT'), 18);
  try {
    process.kill(process.pid, 'SIGNONE');
  } catch (error) {
    console.log(error.code);
  }
  console.log('alive', process.kill(process.pid, 0));

  function shutdown() {
    const child = spawn(process.execPath, [__filename, 'child']);
    child.stdout.on('data', (data) => {
      const text = String(data).trim();
      order.push(text);
      if (text === 'child is up') child.kill();
    });
    child.on('close', (code, signal) => {
      order.push(`child ${code} ${signal}`);
      clearInterval(work);
      const worked = order.filter((each) => each === 'work').length;
      console.log(order.filter((each) => each !== 'work').join('\n'), worked > 1 ? 'worked' : 'idle');
      process.exitCode = order.includes('reload') ? 0 : 1;
    });
  }
}
