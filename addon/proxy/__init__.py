"""The proxy between the browser and the marketplaces. It alone knows mitmproxy."""

from addon.imports import postpone

# Before any module of mitmproxy, which imports all of this and needs none of it for what Koban has it do: files of
# options, commands as text, and QUIC with HTTP/3.
postpone("ruamel.yaml")
postpone("pyparsing")
postpone("mitmproxy.command_lexer", ("unquote",))
postpone("aioquic.h3.connection", ("H3_ALPN",))
postpone("aioquic.tls", ("CipherSuite",))
postpone("mitmproxy.proxy.layers.http._http3", ("Http3Client", "Http3Server"))
postpone(
    "mitmproxy.proxy.layers.quic",
    (
        "ClientQuicLayer",
        "QuicStreamEvent",
        "QuicStreamLayer",
        "QuicTlsData",
        "RawQuicLayer",
        "ServerQuicLayer",
        "quic_parse_client_hello_from_datagrams",
    ),
)
