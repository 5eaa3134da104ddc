/** Hosts of test servers, and of addresses that no test connects to. */
const TEST_HOST = /^https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\]|[\w.-]+\.invalid)(?=[:/]|$)/;

/**
 * Wraps a double of the global `fetch`, which every client in the process calls. Requests to servers of other tests fail,
 * because a vendor's client may outlive its test and still retry.
 *
 * @param own - beginnings of the URLs of this test's servers. Default: none is on this machine or `.invalid`.
 */
export function ownFetch<Fetch extends (url: string, ...rest: never[]) => unknown>(
  double: Fetch,
  ...own: readonly string[]
): Fetch {
  const wrapped = (url: string, ...rest: never[]): unknown => {
    const isOther = TEST_HOST.test(`${url}`) && !own.some((it) => `${url}`.startsWith(it));
    return isOther ? Promise.reject(new TypeError("fetch failed")) : double(url, ...rest);
  };
  return wrapped as Fetch; // it has the parameters of the double
}
