#!/bin/bash
# Pictures of people: taken, made anew, served, replaced; and all that is no picture.
source "$(dirname "$0")/../lib.sh"

put() { # TYPE FILE [CURL…]
    local type=$1 file=$2
    shift 2
    call PUT /api/me/avatar/ --header "Authorization: Bearer $access" --header "Content-Type: $type" --data-binary "@$file" "$@"
}
put_form() { call PUT /api/me/avatar/ --header "Authorization: Bearer $access" "$@"; }
pictures() { find "$VAR/avatars" -name '*.webp' 2>/dev/null | wc -l; }

tests/tools/pictures.py "$work" || fail "the pictures could not be made"
new_user avatar-ann

it "takes a picture as it is, and serves what was made of it"
for type in png jpeg webp; do
    put "image/$type" "$work/good.$type"
    expect_status 200
    expect_json '.avatar | test("^/avatars/[0-9a-f]{2}/[0-9a-f]{64}-512.webp$")'
    path=$(answer .avatar)
    for size in 512 96; do
        call GET "${path/-512/-$size}"
        expect_status 200
        [[ $(head -c 4 "$work/body") == RIFF && $(head -c 12 "$work/body" | tail -c 4) == WEBP ]] || fail "that is no WebP"
        expect_header Content-Type '^image/webp$'
        expect_header X-Content-Type-Options '^nosniff$'
        expect_header Cache-Control 'immutable'
        expect_header Content-Security-Policy "sandbox"
        expect_header Cross-Origin-Resource-Policy 'same-site'
        grep -qaE 'Exif|GPS|<script' "$work/body" && fail "something of the file is left"
    done
done
me
expect_json ".avatar == \"$path\""

it "takes a picture that one can see through"
put image/png "$work/alpha.png"
expect_status 200

it "takes a picture from a form"
put_form --form "avatar=@$work/good.png"
expect_status 200
put_form --form "avatar=@$work/good.jpeg;filename=../../../etc/passwd"
expect_status 200
put_form --form "avatar=@$work/good.webp;type=application/octet-stream"
expect_status 200
put_form --form "picture=@$work/good.png"
expect_problem 422 validation_failed
put_form --form "avatar=@$work/good.png" --form "is_verified=true"
expect_problem 422 validation_failed
put_form --form "avatar=hello"
expect_problem 422 validation_failed
put_form --header 'Content-Type: multipart/form-data' --data-binary x
expect_problem 400 bad_request

it "takes no other file, whatever it is called"
for file in svg html gif bmp pdf empty json; do
    put image/png "$work/bad.$file"
    expect_problem 415 unsupported_media_type
    put_form --form "avatar=@$work/bad.$file;type=image/png;filename=x.png"
    expect_problem 415 unsupported_media_type
done
put image/svg+xml "$work/bad.svg"
expect_problem 415 unsupported_media_type
put application/json "$work/good.png"
expect_problem 415 unsupported_media_type
put text/html "$work/good.png"
expect_problem 415 unsupported_media_type

it "takes no picture that is not what it is sent as"
put image/jpeg "$work/good.png"
expect_problem 415 unsupported_media_type
put_form --form "avatar=@$work/good.webp;type=image/png"
expect_problem 415 unsupported_media_type

it "takes no picture that is damaged, goes on behind its end, or lies about its size"
for file in truncated.png truncated.jpeg truncated.webp polyglot.png polyglot.jpeg polyglot.webp lying.png garbage.png garbage.jpeg garbage.webp moving.webp; do
    put "image/${file##*.}" "$work/$file"
    expect_problem 422 validation_failed
    expect_field /avatar invalid
done

it "takes pictures up to 4,096 pixels a side and 16 megapixels, and decodes none beyond"
put image/png "$work/side-4096.png"
expect_status 200
for file in side-4097.png tall-4097.png pixels-17m.png huge.png; do
    put image/png "$work/$file"
    expect_problem 422 validation_failed
done
put image/png "$work/large.png"
expect_problem 413 body_too_large
put image/png "$work/almost-2m.png"
expect_problem 422 validation_failed

it "lets a picture bomb harm nobody"
put image/png "$work/bomb.png"
[[ $status == 200 || $status == 422 || $status == 503 ]] || fail "status $status" # 503: a slow machine took too long for it
put image/png "$work/good.png"
expect_status 200
[[ $(pids imager | wc -l) == 1 ]] || fail "the imager has gone"

it "replaces a dead imager"
kill -KILL "$(pids imager)"
works() { put image/png "$work/good.png"; [[ $status == 200 ]]; }
wait_until 20 works || fail "no picture is taken: $status"

it "answers 503 while nobody decodes, and keeps the old picture"
path=$(answer .avatar)
imager=$(pids imager)
kill -STOP "$imager"
put image/jpeg "$work/good.jpeg" --max-time 60
expect_problem 503 service_unavailable
kill -CONT "$imager"
me
expect_json ".avatar == \"$path\""

it "needs a session, and shows nobody's picture under another's name"
call PUT /api/me/avatar/ --header 'Content-Type: image/png' --data-binary "@$work/good.png"
expect_problem 401 authentication_required
call POST /api/me/avatar/ --header "Authorization: Bearer $access"
expect_problem 405 method_not_allowed
expect_header Allow '^DELETE, PUT$'
for odd in /avatars/ /avatars/00/ /avatars/../csauth.ini "${path%.webp}" "$path/" /avatars/00/x-512.webp; do
    call GET "$odd"
    [[ $status == 404 || $status == 400 ]] || fail "$odd: $status"
done

it "takes the picture away, and sweeps what nobody shows"
call DELETE /api/me/avatar/ --header "Authorization: Bearer $access"
expect_status 200
expect_json '.avatar == null'
call DELETE /api/me/avatar/ --header "Authorization: Bearer $access"
expect_status 200
put image/webp "$work/good.webp"
path=$(answer .avatar)
find "$VAR/avatars" -type f -exec touch -d '1 hour ago' {} +
swept=$(ctl avatar sweep) || fail "the sweep failed"
[[ $(pictures) == 2 ]] || fail "$(pictures) files are left: $swept"
call GET "$path"
expect_status 200

finish
