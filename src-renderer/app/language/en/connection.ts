export const connection = {
  lost: 'The connection to Owl was lost. Trying to reach it again…',
  retryNow: 'Try now',
  refused: 'Owl was started anew and no longer knows this page. Open the address that `owl serve` printed.',
}
