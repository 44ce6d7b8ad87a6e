"""People, sessions, drafts, jobs, tokens, links, what was read."""

from __future__ import annotations

import django.contrib.auth.models
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import controltotal.service.models


class Migration(migrations.Migration):
    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                ("username", models.CharField(max_length=150, unique=True)),
                (
                    "subject",
                    models.CharField(
                        default=controltotal.service.models._uuid, max_length=150, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("is_active", models.BooleanField(default=True)),
                ("given_password", models.BooleanField(default=False)),
                ("nudges", models.CharField(default="daily", max_length=10)),
                ("joined", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "abstract": False,
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=controltotal.service.models._uuid,
                        max_length=32,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("organisation", models.CharField(blank=True, max_length=60)),
                ("verb", models.CharField(max_length=40)),
                ("options", models.JSONField(default=dict)),
                ("state", models.CharField(db_index=True, default="waiting", max_length=12)),
                ("done", models.IntegerField(default=0)),
                ("what", models.CharField(blank=True, max_length=200)),
                ("error", models.JSONField(default=dict)),
                ("entry", models.BigIntegerField(default=0)),
                ("root", models.CharField(blank=True, max_length=80)),
                ("made", models.DateTimeField(auto_now_add=True)),
                ("ended", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=controltotal.service.models._uuid,
                        max_length=32,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("organisation", models.CharField(max_length=60)),
                ("content", models.JSONField(default=dict)),
                ("ends", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Nudge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=200)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("organisation", models.CharField(db_index=True, max_length=60)),
                ("page", models.CharField(max_length=200)),
                ("day", models.DateField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                (
                    "session_key",
                    models.CharField(
                        max_length=40, primary_key=True, serialize=False, verbose_name="session key"
                    ),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("provider_session", models.CharField(blank=True, db_index=True, max_length=200)),
                ("seen", models.DateTimeField(auto_now=True)),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("title", models.CharField(blank=True, max_length=100)),
                ("scope", models.CharField(default="read", max_length=10)),
                ("made", models.DateTimeField(auto_now_add=True)),
                ("ends", models.DateTimeField()),
                ("used", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=controltotal.service.models._uuid,
                        max_length=32,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("organisation", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=40)),
                ("key", models.CharField(blank=True, max_length=200)),
                ("content", models.JSONField(default=dict)),
                ("changed", models.DateTimeField(auto_now=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["organisation", "kind", "key"],
                        name="service_dra_organis_25b0a8_idx",
                    )
                ],
            },
        ),
    ]
