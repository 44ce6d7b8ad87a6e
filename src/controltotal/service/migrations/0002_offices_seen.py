"""Up to which entry somebody has seen which offices were given."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: list[tuple[str, str]] = [("service", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="offices_seen",
            field=models.BigIntegerField(default=0),
        ),
    ]
