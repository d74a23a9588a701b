# One image a service: docker build --build-arg APP=http-demo -t http-demo .
# `npm run images` does it for all of them, with tags, labels, SBOM and provenance; see docs/images.md.
#
# The base images, by version and digest: here and nowhere else. Renovate moves them.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6
ARG RUNTIME_IMAGE=gcr.io/distroless/cc-debian12:nonroot@sha256:66aa873a4a14fb164aa01296058efd8253744606d72715e45acface073359faa

# Only what npm reads, so that a change of a source does not install anew.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS manifests
WORKDIR /src
COPY . .
RUN mkdir /manifests && cp --parents package.json package-lock.json .npmrc apps/*/package.json libs/*/package.json tools/tour/package.json /manifests

# An absent secret is skipped: `ca` is a bundle of certificates for networks with a proxy, `npmrc` a registry of your own.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS dependencies
WORKDIR /src
COPY --from=manifests /manifests ./
RUN --mount=type=secret,id=ca,target=/run/secrets/ca \
    --mount=type=secret,id=npmrc,target=/root/.npmrc \
    --mount=type=cache,id=scalelab-npm,target=/root/.npm,sharing=locked \
    if [ -s /run/secrets/ca ]; then export NODE_EXTRA_CA_CERTS=/run/secrets/ca; fi; \
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --fetch-retries=1 --fetch-timeout=60000

# The bundle does not depend on the processor, what it leaves in node_modules does.
FROM --platform=$BUILDPLATFORM dependencies AS build
ARG APP
COPY . .
RUN node tools/images/check-app.mjs "${APP}" && node tools/bundle.mjs "apps/${APP}"
ARG TARGETARCH
RUN node tools/images/layout.mjs "${APP}" "${TARGETARCH:-amd64}" /image

# Runs the service once as the user and at the path of the image, since V8's compile cache is bound to both.
FROM ${NODE_IMAGE} AS warm
COPY --from=build --chown=1000:1000 /image/app /app
COPY --from=build --chown=1000:1000 /image/writable/logs /logs
COPY --from=build --chown=1000:1000 /image/writable/var /var
COPY --from=build /image/warm.json /src/tools/images/warm.mjs /src/tools/images/flush.cjs /warm/
USER 1000:1000
RUN ["node", "/warm/warm.mjs", "/app/main.cjs", "/app/compile-cache"]

FROM ${RUNTIME_IMAGE}
ARG APP
ARG DESCRIPTION=""
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
ARG RUNTIME_IMAGE
LABEL org.opencontainers.image.title="${APP}" \
      org.opencontainers.image.description="${DESCRIPTION}" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.source="https://github.com/scalelab/scalelab" \
      org.opencontainers.image.documentation="https://github.com/scalelab/scalelab/blob/main/apps/${APP}/README.md" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.base.name="${RUNTIME_IMAGE}"
COPY --from=warm /usr/local/bin/node /usr/local/bin/node
COPY --from=build --chown=1000:1000 /image/writable/logs /logs
COPY --from=build --chown=1000:1000 /image/writable/data /data
COPY --from=build --chown=1000:1000 /image/writable/var /var
COPY --from=warm --chown=0:0 /app /app
WORKDIR /app
ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/app/compile-cache \
    HOST=0.0.0.0
# As the charts' podSecurity.runAsUser. A number, so that runAsNonRoot can be checked.
USER 1000:1000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["/usr/local/bin/node", "/app/healthcheck.cjs"]
# Source maps lie beside the bundle: NODE_OPTIONS=--enable-source-maps reads them, at the price of a slower start.
ENTRYPOINT ["/usr/local/bin/node", "/app/main.cjs"]
