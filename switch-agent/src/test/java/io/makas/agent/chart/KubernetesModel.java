// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.chart;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.annotations.SerializedName;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks objects against the API of Kubernetes, as the official client's generated classes describe it: unknown and missing
 * fields by their own validation, and the types of texts, numbers and booleans, which that leaves out.
 *
 * <p>By reflection, because the classes are annotated with libraries that are of no use here.
 */
final class KubernetesModel {

    private static final String PACKAGE = "io.kubernetes.client.openapi.models.V1";

    private KubernetesModel() {}

    /** Throws an error that names what is wrong. */
    static void check(JsonObject object) {
        Class<?> model = model(object);
        try {
            model.getMethod("validateJsonElement", JsonElement.class).invoke(null, object);
        } catch (InvocationTargetException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
        checkTypes(object, model, object.get("kind").getAsString());
    }

    private static Class<?> model(JsonObject object) {
        for (String key : List.of("apiVersion", "kind")) {
            if (!object.has(key)) {
                throw new AssertionError("no " + key + " in " + object);
            }
        }
        String group = object.get("apiVersion").getAsString();
        if (!List.of("v1", "apps/v1", "rbac.authorization.k8s.io/v1").contains(group)) {
            throw new AssertionError("unexpected apiVersion " + group);
        }
        try {
            return Class.forName(PACKAGE + object.get("kind").getAsString());
        } catch (ClassNotFoundException e) {
            throw new AssertionError("unknown kind in " + object, e);
        }
    }

    private static void checkTypes(JsonElement json, Type type, String path) {
        if (json.isJsonNull()) {
            throw new AssertionError(path + " has no value");
        }
        if (type instanceof ParameterizedType generic) {
            Type element = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            if (generic.getRawType() == List.class) {
                for (int i = 0; i < json.getAsJsonArray().size(); i++) {
                    checkTypes(json.getAsJsonArray().get(i), element, path + "[" + i + "]");
                }
            } else {
                json.getAsJsonObject().asMap().forEach((key, value) -> checkTypes(value, element, path + "." + key));
            }
        } else if (type instanceof Class<?> simple) {
            if (simple.getName().startsWith(PACKAGE)) {
                checkFields(json.getAsJsonObject(), simple, path);
            } else if (!isOf(simple, json)) {
                throw new AssertionError(path + " must be of type " + simple.getSimpleName() + ", but is " + json);
            }
        }
    }

    private static void checkFields(JsonObject json, Class<?> model, String path) {
        Map<String, Type> types = new HashMap<>();
        for (Field field : model.getDeclaredFields()) {
            SerializedName name = field.getAnnotation(SerializedName.class);
            if (name != null) {
                types.put(name.value(), field.getGenericType());
            }
        }
        json.asMap().forEach((key, value) -> {
            if (!types.containsKey(key)) {
                throw new AssertionError(path + " has no field " + key);
            }
            checkTypes(value, types.get(key), path + "." + key);
        });
    }

    /** Quantities and such are classes of their own, which texts and numbers both can become. */
    private static boolean isOf(Class<?> type, JsonElement json) {
        return json instanceof JsonPrimitive primitive
                && switch (type.getSimpleName()) {
                    case "String" -> primitive.isString();
                    case "Boolean" -> primitive.isBoolean();
                    case "Integer", "Long" ->
                        primitive.isNumber() && primitive.getAsString().matches("-?[0-9]+");
                    default -> primitive.isString() || primitive.isNumber();
                };
    }
}
