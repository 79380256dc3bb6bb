package dev.cardea.server.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A key of the configuration: its default beside its meaning. The key's name is the component's, in
 * snake case. The documentation's default file is made from these.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Setting {
    /** The default, written as an operator would. */
    String is() default "";

    /** What it does, in one or two sentences without a period at the end. */
    String means();

    /** The least value of a number or a duration; nothing is negative. */
    String atLeast() default "0";

    /** The greatest value of a number or a duration. */
    String atMost() default "";

    /** Never shown in a message. */
    boolean secret() default false;
}
