"""Mail where none can be sent: it is printed, to be read by whoever looks after the installation."""

from email import policy

from django.core.mail.backends.console import EmailBackend
from django.core.mail.message import EmailMessage

# As people read it: Japanese as it is, and a link whole on its line. The line of mail that travels is far shorter.
READABLE = policy.default.clone(cte_type="8bit", utf8=True, max_line_length=10_000)


class Printer(EmailBackend):
    """Prints mails as they are read; Django's own prints them as they travel, in Base64 where they are Japanese."""

    def write_message(self, message: EmailMessage) -> None:
        """Print one mail, with a line below it."""
        printed = message.message(policy=READABLE).as_bytes().decode(errors="replace")
        self.stream.write(f"{printed}\n{'-' * 79}\n")
