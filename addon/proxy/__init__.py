"""The proxy between the browser and the marketplaces. It alone knows mitmproxy."""

from addon.proxy.postponed import postpone

# Before any module of mitmproxy: of its options' files, and of certificates by QUIC.
postpone("ruamel.yaml")
postpone("service_identity")
