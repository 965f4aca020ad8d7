"""Writes the platforms' own field names and types beside this file, from their official packages.

Run it by hand when a package has a new version, in an environment that has all three:

    pip install google-ads-datamanager==0.9.4 msads==13.0.30.1 facebook-business==26.0.3
    python tests/golden/definitions/extract.py

The tests read the tables and never Python, so that they need no registry and no second language. A type is `string`,
`bool`, `number`, `integer`, `timestamp`, `sha256`, `enum:A|B`, the name of a table, or any of these after `[]` for a list.
"""

import datetime
import enum
import importlib
import inspect
import json
import pathlib
import re
import typing
from importlib.metadata import version


def google():
    from google.ads import datamanager_v1
    from google.protobuf.descriptor import FieldDescriptor as Field

    scalars = {
        Field.TYPE_STRING: "string",
        Field.TYPE_BOOL: "bool",
        Field.TYPE_DOUBLE: "number",
        Field.TYPE_INT32: "integer",
        Field.TYPE_INT64: "integer",
        Field.TYPE_BYTES: "string",
    }
    tables = {}

    def name(descriptor):
        return descriptor.full_name.removeprefix("google.ads.datamanager.v1.")

    def walk(descriptor):
        if name(descriptor) in tables:
            return
        tables[name(descriptor)] = table = {}
        for field in descriptor.fields:
            if field.message_type is None:
                kind = scalars.get(field.type)
                if field.enum_type is not None:
                    kind = "enum:" + "|".join(value.name for value in field.enum_type.values)
            elif field.message_type.full_name == "google.protobuf.Timestamp":
                kind = "timestamp"
            else:
                kind = name(field.message_type)
                walk(field.message_type)
            table[field.json_name] = ("[]" if field.is_repeated else "") + kind

    walk(datamanager_v1.IngestEventsRequest.pb().DESCRIPTOR)
    reasons = {
        "ErrorReason": [reason.name for reason in datamanager_v1.ErrorReason],
        "ProcessingErrorReason": [reason.name for reason in datamanager_v1.ProcessingErrorReason],
    }
    return {"package": "google-ads-datamanager " + version("google-ads-datamanager"), "root": "IngestEventsRequest",
            "tables": tables, "reasons": reasons}


def microsoft():
    from openapi_client.models.campaign import (
        apply_offline_conversion_adjustments_request, apply_offline_conversions_request,
        offline_conversion, offline_conversion_adjustment,
    )

    scalars = {str: "string", float: "number", int: "integer", bool: "bool", datetime.datetime: "timestamp"}
    models = {
        "OfflineConversions": apply_offline_conversions_request.ApplyOfflineConversionsRequest,
        "OfflineConversionAdjustments":
            apply_offline_conversion_adjustments_request.ApplyOfflineConversionAdjustmentsRequest,
        "OfflineConversion": offline_conversion.OfflineConversion,
        "OfflineConversionAdjustment": offline_conversion_adjustment.OfflineConversionAdjustment,
    }

    def kind(annotation):
        arguments = [one for one in typing.get_args(annotation) if one is not type(None)]
        origin = typing.get_origin(annotation)
        if origin is list:
            return "[]" + kind(arguments[0])
        if arguments:
            return kind(arguments[0])
        return scalars.get(annotation) or annotation.__name__

    tables = {name: {field.alias or key: kind(field.annotation) for key, field in model.model_fields.items()}
              for name, model in models.items()}
    return {"package": "msads " + version("msads"), "root": "OfflineConversions", "tables": tables}


def meta():
    from facebook_business.adobjects import serverside
    from facebook_business.adobjects.serverside import event, event_request

    scalars = {"str": "string", "int": "integer", "float": "number", "bool": "bool"}
    tables = {}

    def model(name):
        """The package's own class of a type, wherever it lies."""
        path = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        try:
            return getattr(importlib.import_module(f"{serverside.__name__}.{path}"), name)
        except ModuleNotFoundError:
            return None

    def kind(annotation):
        item = re.fullmatch(r"list\[(\w+)\]", annotation)
        if item:
            return "[]" + kind(item[1])
        found = model(annotation)
        if found is None:
            return scalars.get(annotation, "string")
        if issubclass(found, enum.Enum):
            return "enum:" + "|".join(value.value for value in found)
        walk(found)
        return annotation

    def walk(model):
        """The names on the wire stand in `normalize`, and the types of its attributes in `param_types`."""
        if model.__name__ in tables:
            return
        tables[model.__name__] = table = {}
        source = inspect.getsource(model.normalize)
        pairs = re.findall(r"'(\w+)'\s*:\s*(.*?)(?=,\s*'\w+'\s*:|\n)", source)
        pairs += re.findall(r"normalized_payload\['(\w+)'\] = ([^\n]*)", source)
        for name, expression in pairs:
            attribute = re.search(r"self\.(?!__)(\w+)(?!\w*\()", expression)
            attribute = attribute[1] if attribute else name
            # What the package hashes before it sends it, it takes as a hash too.
            is_hashed = "__normalize_list(" in expression or "normalize_field(" in expression
            found = kind(model.param_types[attribute]) if attribute in model.param_types else "string"
            if is_hashed:
                found = "[]sha256" if found.startswith("[]") else "sha256"
            table[name] = found

    walk(event.Event)
    beside = re.findall(r"params\['(\w+)'\]", inspect.getsource(event_request.EventRequest.get_request_params))
    tables["Request"] = {"data": "[]Event"} | {name: "string" for name in beside}
    # The stages of leads have two properties of their own, which the package sends as `custom_properties`
    # (https://developers.facebook.com/docs/marketing-api/conversions-api/conversion-leads-integration/payload-specification).
    tables["CustomData"] |= {"event_source": "string", "lead_event_source": "string"}
    return {"package": "facebook-business " + version("facebook-business"), "root": "Request", "tables": tables}


here = pathlib.Path(__file__).parent
for platform in (google, microsoft, meta):
    text = json.dumps(platform(), indent=1, sort_keys=True)
    (here / f"{platform.__name__}.json").write_text(text + "\n")
