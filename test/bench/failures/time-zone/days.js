function dayOf(time) {
  const date = new Date(time);
  const two = (number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`; // wrong
}

module.exports = { dayOf };
