"""Keys and certificates made for a test."""

from __future__ import annotations

from datetime import datetime, timedelta

PASSWORD = "口令 1"


def certificate(name, key, *, issuer=None, by=None, days=(-1, 365), can_issue=False):
    """A certificate of X.509, by itself or by another."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import NameOID

    def named(text):
        unit = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "甲县财政局")
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text), unit])

    start, end = (datetime.now() + timedelta(days=n) for n in days)
    made = x509.CertificateBuilder(
        named(issuer or name), named(name), key.public_key(), x509.random_serial_number(), start, end
    )
    made = made.add_extension(x509.BasicConstraints(ca=can_issue, path_length=None), critical=True)
    uses = x509.KeyUsage(True, True, False, False, False, can_issue, False, False, False)
    made = made.add_extension(uses, critical=True)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return made.add_extension(identifier, critical=False).sign(by or key, hashes.SHA256())


def new_key():
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.generate_private_key(ec.SECP256R1())


def p12(key, cert, others=(), password=PASSWORD):
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

    return pkcs12.serialize_key_and_certificates(b"", key, cert, others, BestAvailableEncryption(password.encode()))


def signer_of(folder, name):
    """Somebody who can sign, with a certificate of his own making."""
    from selfeval.audit.signatures import open_key

    key, file = new_key(), folder / "own.p12"
    file.write_bytes(p12(key, certificate(name, key)))
    return open_key(file, PASSWORD)
