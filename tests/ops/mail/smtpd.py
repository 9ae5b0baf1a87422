#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A mail server for tests: aiosmtpd, with recipients that it treats badly.

usage: smtpd.py FOLDER [--tls] [--auth USER:PASSWORD]

Each mail that it took is FOLDER/NNNN.mail: what an independent reader (Python's email package) finds in
it. The port is in FOLDER/port when it serves; with --tls it offers STARTTLS with the certificate
FOLDER/cert.pem, which it makes. What happens to a mail, by the name of its recipient:

  nobody     550 to RCPT              refused  554 after DATA
  personne   550 to RCPT, in Latin-1, with more than anybody reads
  greylist   451 the first time       stall    no answer to DATA
  half       the connection goes in the middle of DATA, the first time
  echo       554 after DATA, with the mail itself
  lost       it is taken, and the connection goes before that is said, the first time
  hold       it is taken, and nothing is said of it while FOLDER/hold is there
"""
import argparse
import asyncio
import email
import email.policy
import os
import ssl
import subprocess

from aiosmtpd.smtp import SMTP, AuthResult


class Office:
    def __init__(self, folder):
        self.folder = folder
        self.count = 0
        self.seen = set()

    def first(self, what):
        fresh = what not in self.seen
        self.seen.add(what)
        return fresh

    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split('@')[0]
        if name.startswith('nobody'):
            return '550 5.1.1 there is nobody of that name'
        if name.startswith('personne'):
            return '550 5.1.1 destinataire inconnu, ' + '\u00e9' * 300
        if name.startswith('greylist') and self.first(address):
            return '451 4.7.1 come again'
        envelope.rcpt_tos.append(address)
        return '250 ok'

    async def handle_DATA(self, server, session, envelope):
        name = envelope.rcpt_tos[0].split('@')[0]
        if name.startswith('refused'):
            return '554 5.7.1 we do not take such mail'
        if name.startswith('echo'):
            mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
            text = mail.get_body(('plain',)).get_content()
            return '554 5.7.1 this looks like spam: ' + ' '.join(text.split())[:150]
        if name.startswith('stall'):
            await asyncio.sleep(3600)
        self.keep(server, session, envelope)
        if name.startswith('lost') and self.first(name):
            server.transport.abort()
            raise ConnectionResetError
        while name.startswith('hold') and os.path.exists(self.folder + '/hold'):
            await asyncio.sleep(0.02)
        return '250 taken'

    def keep(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        lines = ['envelope: %s -> %s' % (envelope.mail_from, ', '.join(envelope.rcpt_tos)),
                 'tls: %s' % ('yes' if session.ssl else 'no'),
                 'user: %s' % (session.auth_data.decode() if session.auth_data else '')]
        lines += ['%s: %s' % (key, ' '.join(str(value).split()) if key != 'Subject' else value)
                  for key, value in mail.items() if key != 'Content-Type']
        raw = envelope.content.split(b'\r\n\r\n')[0].split(b'\r\n')
        lines.append('longest: %d' % max(len(line) for line in envelope.content.split(b'\r\n')))
        lines.append('ascii: %s' % ('yes' if all(line.isascii() for line in raw) else 'no'))
        for part in mail.walk():
            if part.get_content_maintype() == 'multipart':
                lines.append('[%s]' % part.get_content_type())
            else:
                lines.append('[%s %s]' % (part.get_content_type(), part.get_content_charset()))
                lines.append(part.get_content().replace('\r\n', '\n'))
        self.count += 1
        path = '%s/%04d.mail' % (self.folder, self.count)
        with open(path + '.new', 'w', encoding='utf-8') as file:
            file.write('\n'.join(lines))
        os.rename(path + '.new', path)


class Server(SMTP):
    async def push(self, status):
        await super().push(status if isinstance(status, bytes) else status.encode('latin-1'))

    async def smtp_DATA(self, arg):
        name = self.envelope.rcpt_tos[0].split('@')[0] if self.envelope.rcpt_tos else ''
        if name.startswith('half') and self.event_handler.first(name):
            await self.push('354 go on')
            await self._reader.readline()
            self.transport.abort()
            raise ConnectionResetError
        await super().smtp_DATA(arg)


def make_certificate(folder):
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt',
                    'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost',
                    '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1',
                    '-keyout', folder + '/key.pem', '-out', folder + '/cert.pem'],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder + '/cert.pem', folder + '/key.pem')
    return context


async def serve(arguments):
    office = Office(arguments.folder)
    options = {'hostname': 'office.test'}
    if arguments.tls:
        options.update(tls_context=make_certificate(arguments.folder), require_starttls=True)
    if arguments.auth:
        def authenticate(server, session, envelope, mechanism, data):
            given = data.login + b':' + data.password
            if given != arguments.auth.encode():
                return AuthResult(success=False, handled=False)
            return AuthResult(success=True, auth_data=data.login)
        options.update(authenticator=authenticate, auth_required=True,
                       auth_require_tls=arguments.tls)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Server(office, **options), '127.0.0.1', 0)
    path = arguments.folder + '/port'
    with open(path + '.new', 'w') as file:
        file.write('%d' % server.sockets[0].getsockname()[1])
    os.rename(path + '.new', path)
    await server.serve_forever()


parser = argparse.ArgumentParser()
parser.add_argument('folder')
parser.add_argument('--tls', action='store_true')
parser.add_argument('--auth')
asyncio.run(serve(parser.parse_args()))
