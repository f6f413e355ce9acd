# syntax=docker/dockerfile:1
# A Wuji node. `docker compose build`, or: docker build --build-arg VERSION=0.1.0 -t wuji:0.1.0 .

FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY client ./client
RUN npm run build

FROM node:20-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev

FROM node:20-bookworm-slim AS node
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="wuji" \
      org.opencontainers.image.description="Event-sourced collaboration backend for People's Congress deputies of five levels" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.base.name="docker.io/library/node:20-bookworm-slim"
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=4000 \
    WUJI_DATA=/data \
    WUJI_MODE=production
WORKDIR /app
# A new volume takes its owner from here. /audit: where deploy's nodes share the key that tree heads are signed with.
RUN install -d -o node -g node -m 700 /data /audit
COPY package.json LICENSE ./
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY client/examples ./client/examples
USER node
VOLUME /data
EXPOSE 4000
# The program listens for it: sockets are closed with a code that says "come back", commands under way are finished.
# Node is no init, so run the image with one (compose: `init: true`; docker run --init).
STOPSIGNAL SIGTERM
# Whether the process is alive. Whether it may be asked (/health/ready) is for proxies, and for docker-compose.yml.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/src/cli.js"]
CMD ["serve"]
